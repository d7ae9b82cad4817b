import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verify } from '../../../src/sealed/verification/verify.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { countedSource } from '../../support/counted-source.js';
import { patterned } from '../../support/pieces.js';
import { recordStream } from '../../support/record-stream.js';
import { makeTempFolder } from '../../support/temp-folder.js';
import { impostor, keys, strangers } from '../../support/test-keys.js';

const F = 4_096;
const MIB = 1_048_576;
const plaintext = patterned(3 * MIB + 5);
const sha256 = createHash('sha256').update(plaintext).digest('hex');
const fixed = await encrypt(plaintext, { keys, frameSize: F });
const record = await recordStream([plaintext], F);
const { preambleSize } = await readHeader(fixed);
const folder = await makeTempFolder();
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['fixed', fixed, 769],
  ['record', record, 770],
])('verify of the %s layout', (_, sealed, frames) => {
  const whole = {
    complete: true,
    frames,
    plaintextBytes: plaintext.length,
    sealedBytes: sealed.length,
    digest: sha256,
    sample: null,
    fault: null,
    gaps: [],
    recipient: { provider: 'raw', key: 'test' },
  };

  it('says of a whole stream that it is complete, whatever it comes from', async () => {
    const path = join(folder, 'whole');
    writeFileSync(path, sealed);
    const handle = await open(path);
    const counted = countedSource(sealed);
    for (const source of [path, handle, sealed, counted.source]) {
      expect(await verify(source, { keys, digest: 'sha256' })).toEqual(whole);
    }
    await handle.close();
    expect(counted.calls).toMatchObject({ size: 1, close: 1 });
    expect(counted.calls.most).toBeLessThanOrEqual(4);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it.each(['native', 'node', 'noble'] as const)('is the same with the engine %s', async (engine) => {
    const sealedCopy = Buffer.from(sealed);
    expect(await verify(sealedCopy, { keys, engine, digest: 'sha256' })).toEqual(whole);
    expect(sealedCopy.equals(sealed)).toBe(true);
  });

  it('tells how far it is, and of the header before that', async () => {
    const told: unknown[] = [];
    await verify(sealed, {
      keys,
      onHeader: ({ suite }) => told.push(suite),
      onProgress: (progress) => told.push(progress),
    });
    const all = { bytesIn: sealed.length, bytesOut: plaintext.length, total: sealed.length };
    expect([told[0], told.at(-1)]).toEqual(['AES-256-GCM', all]);
    expect(told.length).toBeLessThan(10);
  });

  it('rejects for keys, context, options and an abort, and closes the source', async () => {
    const aborted = AbortSignal.abort('enough');
    for (const [options, refusal] of [
      [{ keys: strangers }, { code: 'ERR_SEALPIPE_KEY_MISMATCH' }],
      [{ keys, encryptionContext: { a: 'b' } }, { code: 'ERR_SEALPIPE_CONTEXT' }],
      [
        { keys, signal: aborted },
        { name: 'AbortError', cause: 'enough' },
      ],
      [{ keys, digest: 'md5' }, { code: 'ERR_SEALPIPE_OPTIONS' }],
      [{ keys, sample: 0 }, { code: 'ERR_SEALPIPE_OPTIONS' }],
      [{ keys, sample: 101 }, { code: 'ERR_SEALPIPE_OPTIONS' }],
      [{ keys, sample: 5, digest: 'sha256' }, { code: 'ERR_SEALPIPE_OPTIONS' }],
      [{ keys, samples: 5 }, { code: 'ERR_SEALPIPE_OPTIONS' }],
    ] as const) {
      const { source, calls } = countedSource(sealed);
      await expect(verify(source, options as never)).rejects.toMatchObject(refusal);
      expect(calls.close).toBe(1);
    }
    await expect(verify(join(folder, 'missing'), { keys })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('has a missed commitment as a fault', async () => {
    const { complete, fault } = await verify(sealed, { keys: impostor });
    expect([complete, fault]).toMatchObject([
      false,
      { code: 'ERR_SEALPIPE_AUTHENTICATION', frame: null, offset: null, cutShort: false },
    ]);
  });
});

describe('the place of a fault', () => {
  it('is the frame, and where it begins', async () => {
    const sealed = Buffer.from(fixed);
    sealed[preambleSize + 300 * (F + 16) + 7]! ^= 1;
    expect(await verify(sealed, { keys, digest: 'sha256' })).toMatchObject({
      complete: false,
      frames: 300,
      plaintextBytes: 300 * F,
      digest: null,
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', frame: 300, offset: preambleSize + 300 * (F + 16) },
    });
  });

  it('is the end of what was cut', async () => {
    const end = preambleSize + 2 * (F + 16);
    expect(await verify(fixed.subarray(0, end), { keys })).toMatchObject({
      frames: 2,
      fault: { code: 'ERR_SEALPIPE_TRUNCATED', frame: 2, offset: end, cutShort: true },
    });
  });

  it('is behind the final frame of a record stream that goes on', async () => {
    const { preambleSize: start } = await readHeader(record);
    expect(await verify(Buffer.concat([record, Buffer.alloc(3)]), { keys })).toMatchObject({
      complete: false,
      frames: 770,
      fault: { code: 'ERR_SEALPIPE_TRAILING_DATA', frame: null, offset: record.length },
    });
    expect(start + plaintext.length + 770 * 20).toBe(record.length);
  });
});

describe('a sample', () => {
  it('has the last frame and so many of the others, and is never complete', async () => {
    const { source, reads } = countedSource(fixed);
    const report = await verify(source, { keys, sample: 10 });
    expect(report).toMatchObject({ complete: false, frames: 78, fault: null, sample: 10, digest: null });
    expect(reads).toHaveLength(79);
    expect(await verify(fixed, { keys, sample: 100 })).toMatchObject({ complete: false, frames: 769 });
  });

  it('finds a cut, and damage to a frame that it looks at', async () => {
    expect(await verify(fixed.subarray(0, -1), { keys, sample: 1 })).toMatchObject({
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', cutShort: true, frame: 768 },
    });
    const sealed = Buffer.from(fixed);
    sealed[preambleSize + 5 * (F + 16)]! ^= 1;
    expect(await verify(sealed, { keys, sample: 100 })).toMatchObject({
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', frame: 5, offset: preambleSize + 5 * (F + 16) },
    });
  });

  it('of next to nothing has one frame besides the last one', async () => {
    for (const sample of [Number.MIN_VALUE, 1e-300]) {
      expect(await verify(fixed, { keys, sample })).toMatchObject({ frames: 2, fault: null });
    }
  });

  it('is refused for the record layout', async () => {
    await expect(verify(record, { keys, sample: 5 })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});
