import { expect, it } from 'vitest';
import { openedSize, sealedSize } from '../../src/format/sizes.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const F = 4_096;

it.each([0, 1, F - 1, F, F + 1, 2 * F - 1, 2 * F, 3 * F + 5])(
  'the size of a real stream of %i bytes is known before, and its plaintext size after',
  async (size) => {
    const stream = createEncryptStream({ keys, frameSize: F, encryptionContext: { a: 'x'.repeat(500) } });
    let predicted = 0;
    stream.once('header', (header) => {
      predicted = sealedSize(size, header);
    });
    const { bytes } = await outcomeOf(stream, Buffer.alloc(size));
    expect(predicted).toBe(bytes.length);
    expect(openedSize(bytes.length, await readHeader(bytes))).toBe(size);
  },
);

it('a size that no stream has is a RangeError, for every cut in a frame', async () => {
  const sealed = await encrypt(Buffer.alloc(F), { keys, frameSize: F });
  const header = await readHeader(sealed);
  for (let cut = 1; cut <= 16; cut++) {
    expect(() => openedSize(sealed.length - cut, header)).toThrow(RangeError);
  }
  expect(openedSize(sealed.length - 17, header)).toBe(F - 1);
});

it('the record layout has no size to predict', async () => {
  const header = await readHeader(await encrypt('x', { keys, layout: 'record' }));
  expect(() => sealedSize(1, header)).toThrow(RangeError);
  expect(() => openedSize(10_000, header)).toThrow(RangeError);
});
