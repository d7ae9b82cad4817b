import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileDecryption } from '../../../src/files/file-decryption.js';
import { FileEncryption } from '../../../src/files/file-encryption.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { patterned } from '../../support/pieces.js';
import { expectQuietProcess } from '../../support/quiet-process.js';
import { runs } from '../../support/sample.js';
import { keys } from '../../support/test-keys.js';
import { isWiped, watched } from '../../support/watched-provider.js';
import type { Behaviour } from '../memory-file.js';
import { MemoryFile, systemError } from '../memory-file.js';

expectQuietProcess();

const F = 65_536;
const PIPE = { holds: 262_144, packet: 4_096 };
const ignored = () => undefined;
const RUNS = { encrypt: FileEncryption, decrypt: FileDecryption } as const;

async function through(
  direction: keyof typeof RUNS,
  content: Uint8Array,
  reading: Behaviour = {},
  writing: Behaviour = {},
  options: { readonly frameSize?: number; readonly expectedLength?: number } = {},
) {
  const { provider, dataKeys } = watched(keys);
  const source = new MemoryFile(content, { pipe: PIPE, ...reading });
  const sink = new MemoryFile(undefined, writing);
  const run = new RUNS[direction]({ source, sink }, { keys: provider, ...options } as never, ignored);
  const error = await run.run().then(
    () => undefined,
    (thrown) => thrown,
  );
  expect([source.inFlight, sink.inFlight]).toEqual([0, 0]);
  expect(dataKeys.every(isWiped)).toBe(true);
  const blocks = [...source.memory].filter(({ byteLength }) => byteLength !== F);
  expect(blocks.every((block) => !Buffer.from(block).some((byte) => byte !== 0))).toBe(true);
  expect(run.bytesOut).toBe(sink.written.length);
  return { error, written: sink.written, run, source };
}

describe('a pipe', () => {
  it.each([0, 1, F - 1, F, F + 1, 4 * F - 1, 4 * F, 4 * F + 1, 9 * F + 5])(
    'of %i bytes is sealed and opened',
    async (size) => {
      const content = patterned(size);
      const sealed = await through('encrypt', content);
      expect([sealed.error, sealed.run.bytesIn]).toEqual([undefined, size]);
      expect((await decrypt(sealed.written, { keys })).equals(content)).toBe(true);
      const opened = await through('decrypt', sealed.written);
      expect([opened.error, opened.run.bytesIn]).toEqual([undefined, sealed.written.length]);
      expect(opened.written.equals(content)).toBe(true);
    },
  );

  it('may give and take as little as it likes, in packets too, with frames of any size', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(4_096, 16_384, F, 1_048_576),
        fc.integer({ min: 0, max: 300_000 }),
        fc.array(fc.integer({ min: 1, max: 4_096 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 80_000 }), { minLength: 1, maxLength: 6 }),
        async (frameSize, size, gives, takes) => {
          fc.pre(gives.some((most) => most > 1_000) && takes.some((most) => most > 20_000));
          const content = patterned(size);
          const sealed = await through('encrypt', content, { most: gives }, { most: takes }, { frameSize });
          expect(sealed.error).toBeUndefined();
          expect((await decrypt(sealed.written, { keys })).equals(content)).toBe(true);
          const opened = await through('decrypt', sealed.written, { most: gives }, { most: takes });
          expect([opened.error, opened.written.equals(content)]).toEqual([undefined, true]);
        },
      ),
      { numRuns: runs(25) },
    ));

  it.each(['encrypt', 'decrypt'] as const)('that fails ends in a true beginning (%s)', async (direction) => {
    const plaintext = patterned(9 * F + 5);
    const content = direction === 'encrypt' ? plaintext : await encrypt(plaintext, { keys });
    const [read, write] = [systemError('EIO', 'read'), systemError('EPIPE', 'write')];
    for (let at = 0; at < 12; at++) {
      const most = [50_000];
      const reading = await through(direction, content, { most, failsAt: at, error: read });
      const writing = await through(
        direction,
        content,
        { most },
        { most: [40_000], failsAt: at, error: write },
      );
      expect([reading.error, writing.error]).toEqual([read, write]);
      for (const { written } of [reading, writing]) {
        if (direction === 'decrypt') expect(plaintext.subarray(0, written.length).equals(written)).toBe(true);
        else
          await expect(decrypt(written, { keys })).rejects.toMatchObject({
            code: /TRUNCATED|AUTHENTICATION/,
          });
      }
    }
  });

  it('that is cut or altered is released up to the frame before', async () => {
    const plaintext = patterned(5 * F + 9);
    const sealed = await encrypt(plaintext, { keys });
    const preamble = sealed.length - plaintext.length - 6 * 16;
    const cut = await through('decrypt', sealed.subarray(0, preamble + 3 * (F + 16)), { most: [50_000] });
    expect([cut.error.code, cut.written.length]).toEqual(['ERR_SEALPIPE_TRUNCATED', 3 * F]);
    const short = await through('decrypt', sealed.subarray(0, -1), { most: [50_000] });
    expect([short.error.code, short.error.atEnd, short.written.length]).toEqual([
      'ERR_SEALPIPE_AUTHENTICATION',
      true,
      5 * F,
    ]);
    const altered = Buffer.from(sealed);
    altered[preamble + 2 * (F + 16) + 7]! ^= 1;
    const bad = await through('decrypt', altered, { most: [50_000] });
    expect([bad.error.code, bad.written.length]).toEqual(['ERR_SEALPIPE_AUTHENTICATION', 2 * F]);
  });

  it('that gives more than was expected is refused at once, and one that gives less is not ended', async () => {
    const more = await through('encrypt', patterned(5 * F), { most: [100] }, {}, { expectedLength: 1_000 });
    expect([more.error.code, more.source.operations]).toEqual(['ERR_SEALPIPE_LENGTH', 11]);
    const less = await through('encrypt', patterned(2 * F), {}, {}, { expectedLength: 2 * F + 1 });
    expect(less.error.code).toBe('ERR_SEALPIPE_LENGTH');
    await expect(decrypt(less.written, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });
});
