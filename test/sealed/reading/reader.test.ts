import { describe, expect, it } from 'vitest';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { countedSource } from '../../support/counted-source.js';
import { outcome } from '../../support/outcome.js';
import { patterned } from '../../support/pieces.js';
import { recordStream } from '../../support/record-stream.js';
import { keys } from '../../support/test-keys.js';

const F = 4_096;
const plaintext = patterned(3 * F + 5);
const sealed = await encrypt(plaintext, { keys, frameSize: F });
const { preambleSize } = await readHeader(sealed);

describe('a reader', () => {
  it.each([
    ['an option that is unknown', { keys, cachesize: 1 }, 'Did you mean "cacheSize"?'],
    ['a high-water mark', { keys, readableHighWaterMark: 1 }, 'knows no option'],
    ['no keys', {}, '`keys`'],
    ['a cache of a wrong size', { keys, cacheSize: -1 }, '`cacheSize`'],
  ])('refuses %s, and closes the source', async (_, options, words) => {
    const { source, calls } = countedSource(sealed);
    const refused = openSealed(source, options as never);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    await expect(refused).rejects.toThrow(words);
    expect(calls).toMatchObject({ size: 0, close: 1 });
  });

  it('refuses wrong options of a stream at once', async () => {
    await using reader = await openSealed(sealed, { keys });
    for (const options of [{ start: 0.5 }, { end: '1' }, { signal: {} }, { form: 1 }, null]) {
      expect(() => reader.createReadStream(options as never)).toThrow(
        expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
      );
    }
  });

  it('gives whole frames of a stream that was cut, and nothing that depends on its length', async () => {
    for (const end of [preambleSize + 2 * (F + 16), preambleSize + 2 * (F + 16) + 15, sealed.length - 1]) {
      await using reader = await openSealed(sealed.subarray(0, end), { keys });
      expect(await reader.read(1, 2 * F)).toEqual(plaintext.subarray(1, 2 * F));
      await expect(reader.read(0)).rejects.toHaveProperty('code');
      await expect(reader.read(0, 3 * F + 1)).rejects.toHaveProperty('code');
      await expect(reader.size()).rejects.toHaveProperty('code');
    }
  });

  it('gives the same fault of a record stream that goes on after its final frame, however often it is asked', async () => {
    const goesOn = Buffer.concat([await recordStream([plaintext], F), Buffer.alloc(40)]);
    await using reader = await openSealed(goesOn, { keys });
    const refusal = { code: 'ERR_SEALPIPE_TRAILING_DATA' };
    for (const ask of [
      () => reader.size(),
      () => reader.size(),
      () => reader.read(),
      () => reader.read(-1),
    ]) {
      await expect(ask()).rejects.toMatchObject(refusal);
    }
    await expect(reader.read(plaintext.length)).rejects.toMatchObject(refusal);
    expect(await reader.read(0, plaintext.length)).toEqual(plaintext);
  });

  it.each([null, undefined, 5, [], {}])('refuses a source that is none: %j', async (source) => {
    const refusal = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
    await expect(openSealed(source as never, { keys })).rejects.toMatchObject(refusal);
  });

  it('has no memory in common with others, also where a range comes in pieces', async () => {
    const pieces = Array.from({ length: 40 }, (_, i) => patterned(60_000 + i));
    await using reader = await openSealed(await recordStream(pieces, F), { keys });
    const range = await reader.read();
    expect(range.equals(Buffer.concat(pieces))).toBe(true);
    expect(range.buffer.byteLength).toBe(range.length);
  });

  it('reads nothing ahead of a record range that it has whole', async () => {
    const { source, reads } = countedSource(await recordStream([patterned(3_000_000)], F));
    await using reader = await openSealed(source, { keys });
    await reader.read(0, 10);
    expect(reads).toHaveLength(2);
  });

  it('can be used no more after an abort, and has wiped what it kept', async () => {
    const controller = new AbortController();
    const { source, calls } = countedSource(sealed);
    const reader = await openSealed(source, { keys, signal: controller.signal });
    expect(await reader.read(0, 3)).toEqual(plaintext.subarray(0, 3));
    const [pending, stream] = [reader.read(F), outcome(reader.createReadStream())];
    controller.abort('enough');
    const aborted = { name: 'AbortError', cause: 'enough' };
    await expect(pending).rejects.toMatchObject(aborted);
    expect((await stream).error).toMatchObject(aborted);
    await expect(reader.read(0, 3)).rejects.toMatchObject(aborted);
    await reader.close();
    expect(calls.close).toBe(1);
    await expect(reader.size()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });

  it('gives up what is under way when its stream is destroyed', async () => {
    const { source, calls } = countedSource(await encrypt(patterned(9 * 1_048_576), { keys }));
    await using reader = await openSealed(source, { keys });
    const stream = reader.createReadStream();
    for await (const piece of stream) if (piece.length > 0) break;
    expect(stream.destroyed).toBe(true);
    expect(calls.most).toBeLessThanOrEqual(4);
    expect(await reader.read(0, 3)).toEqual(patterned(3));
  });
});
