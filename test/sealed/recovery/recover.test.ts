import { describe, expect, it } from 'vitest';
import { recover } from '../../../src/sealed/recovery/recover.js';
import { verify } from '../../../src/sealed/verification/verify.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { countedSource } from '../../support/counted-source.js';
import { patterned } from '../../support/pieces.js';
import { recordStream } from '../../support/record-stream.js';
import { impostor, keys, strangers } from '../../support/test-keys.js';
import { overwritten, saved } from '../support.js';

const F = 4_096;
const plaintext = patterned(600 * F + 9);
const sealed = await encrypt(plaintext, { keys, frameSize: F });
const { preambleSize } = await readHeader(sealed);
const at = (index: number) => preambleSize + index * (F + 16);

describe('a recovery', () => {
  it('gives pieces with the gaps between them, in their order', async () => {
    const damaged = overwritten(sealed, at(300), Buffer.alloc(5));
    const { source, calls } = countedSource(damaged);
    const recovery = await recover(source, { keys });
    let next = 0;
    const gaps: unknown[] = [];
    for await (const piece of recovery.pieces()) {
      if ('gap' in piece) {
        gaps.push(piece.gap);
        next += F;
        continue;
      }
      expect(piece.offset).toBe(next);
      expect(piece.data.equals(plaintext.subarray(next, next + piece.data.length))).toBe(true);
      expect(piece.data.length).toBeLessThanOrEqual(1_048_576);
      next += piece.data.length;
    }
    expect(next).toBe(plaintext.length);
    expect(gaps).toEqual((await recovery.report).gaps);
    expect(calls).toMatchObject({ size: 1, close: 1 });
    expect(calls.most).toBeLessThanOrEqual(4);
  });

  it('is taken once, and by nobody after it was closed', async () => {
    await using recovery = await recover(sealed, { keys });
    recovery.createReadStream().resume();
    const refusal = expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(() => recovery.createReadStream()).toThrow(refusal);
    await expect(recovery.pieces()[Symbol.asyncIterator]().next()).rejects.toEqual(refusal);
    expect(await recovery.report).toMatchObject({ complete: true });
    await recovery.close();
    const other = await recover(sealed, { keys });
    await other.close();
    expect(() => other.createReadStream()).toThrow(refusal);
    await expect(other.report).rejects.toEqual(refusal);
  });

  it('has no report if it is given up, and closes its source', async () => {
    const { source, calls } = countedSource(sealed);
    const recovery = await recover(source, { keys });
    for await (const _ of recovery.pieces()) break;
    await expect(recovery.report).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(calls.close).toBe(1);
    const controller = new AbortController();
    const aborted = saved(sealed, {
      signal: controller.signal,
      onHeader: () => controller.abort('enough'),
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  });

  it('saves nothing without preamble, key or context, and closes the source', async () => {
    for (const [bytes, options, code] of [
      [sealed.subarray(0, 200), { keys }, 'ERR_SEALPIPE_TRUNCATED'],
      [overwritten(sealed, 90, Buffer.of(0xff)), { keys }, 'ERR_SEALPIPE_FORMAT'],
      [sealed, { keys: strangers }, 'ERR_SEALPIPE_KEY_MISMATCH'],
      [sealed, { keys: impostor }, 'ERR_SEALPIPE_AUTHENTICATION'],
      [sealed, { keys, encryptionContext: { a: 'b' } }, 'ERR_SEALPIPE_CONTEXT'],
      [sealed, { keys, zeroFill: true }, 'ERR_SEALPIPE_OPTIONS'],
      [sealed, { keys, digest: 'md5' }, 'ERR_SEALPIPE_OPTIONS'],
      [sealed, { keys, onProgress: 1 }, 'ERR_SEALPIPE_OPTIONS'],
    ] as const) {
      const { source, calls } = countedSource(bytes);
      await expect(recover(source, options as never)).rejects.toMatchObject({ code });
      expect(calls.close).toBe(1);
    }
  });
});

describe('a head that was kept elsewhere', () => {
  it.each([0, 1, 500, 2_000, 2 ** 24, 2 ** 32 - 1])(
    'leads to the first frame although the stream says that its envelope has %i bytes',
    async (length) => {
      for (const layout of ['fixed', 'record'] as const) {
        const plaintext = patterned(3 * F + 5);
        const stream = await encrypt(plaintext, { keys, layout, frameSize: F });
        const damaged = Buffer.from(stream);
        damaged.writeUInt32BE(length, 16);
        const { bytes, report } = await saved(damaged, { head: stream });
        expect([bytes.equals(plaintext), report.complete]).toEqual([true, true]);
      }
    },
  );

  const record = recordStream([plaintext.subarray(0, 5_000)], F);

  it('stands for one that is damaged', async () => {
    for (const stream of [sealed, await record]) {
      const head = stream.subarray(0, 8_000);
      const size = (await readHeader(stream)).preambleSize;
      for (const damage of [60, 90, size - 20]) {
        const { bytes, report } = await saved(overwritten(stream, damage, Buffer.of(0xff, 0xff)), { head });
        expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
        expect(report).toMatchObject({ complete: true });
      }
    }
  });

  it('shows that the one in its place was altered, which no reader of the stream would accept', async () => {
    const encryptionContext = { object: 'a.dump' };
    const stream = await encrypt(plaintext, { keys, frameSize: F, encryptionContext });
    const inContext = stream.indexOf('a.dump');
    const inCommitment = 60;
    for (const at of [inContext, inCommitment]) {
      const altered = overwritten(stream, at, Buffer.of(stream[at]! ^ 1));
      const fault = { code: 'ERR_SEALPIPE_AUTHENTICATION', frame: null, offset: null };
      expect(await verify(altered, { keys })).toMatchObject({ fault });
      const { bytes, report } = await saved(altered, { head: stream.subarray(0, 8_000) });
      expect(bytes.equals(plaintext)).toBe(true);
      expect(report).toMatchObject({ complete: true, fault });
    }
    const { report } = await saved(stream, { head: stream.subarray(0, 8_000) });
    expect(report).toMatchObject({ complete: true, fault: null });
  });

  it('may have another length than the one that has taken its place since', async () => {
    for (const stream of [sealed, await record]) {
      const size = (await readHeader(stream)).preambleSize;
      const longer = Buffer.concat([stream.subarray(0, size), Buffer.alloc(1_024), stream.subarray(size)]);
      longer.writeUInt32BE(stream.readUInt32BE(16) + 1_024, 16);
      const { report } = await saved(longer, { head: stream.subarray(0, size) });
      expect(report).toMatchObject({ complete: true, gaps: [], fault: { code: 'ERR_SEALPIPE_FORMAT' } });
    }
  });

  it('may be longer than all that is left of the stream', async () => {
    for (const stream of [sealed, await record]) {
      const { report } = await saved(stream.subarray(0, 100), { head: stream.subarray(0, 8_000) });
      expect(report).toMatchObject({
        complete: false,
        frames: 0,
        fault: { code: 'ERR_SEALPIPE_TRUNCATED' },
        gaps: [{ frame: 0, frames: null, offset: 100, sealedBytes: 0 }],
      });
    }
  });

  it('of another stream is refused', async () => {
    const head = await encrypt('other', { keys, frameSize: F });
    const refusal = { name: 'RangeError', code: 'ERR_SEALPIPE_OPTIONS' };
    await expect(recover(sealed, { keys, head })).rejects.toMatchObject(refusal);
    await expect(recover(sealed.subarray(0, 50), { keys, head: sealed })).rejects.toMatchObject(refusal);
  });
});
