import { afterEach, describe, expect, it, vi } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { watched } from '../support/watched-provider.js';

expectQuietProcess();
afterEach(() => vi.restoreAllMocks());

const says = (now: number) => vi.spyOn(Date, 'now').mockReturnValue(now);

describe('a clock', () => {
  it.each([-1, -86_400_000, Number.NaN, -Infinity, Infinity])(
    'that says %d is named as wrong before any key call',
    async (now) => {
      const { provider, calls } = watched(keys);
      says(now);
      const wrong = { name: 'RangeError', code: 'ERR_SEALPIPE_OPTIONS', message: /^The clock is wrong/ };
      await expect(encrypt('x', { keys: provider })).rejects.toMatchObject({
        ...wrong,
        message: expect.stringMatching(wrong.message),
      });
      const { error, bytes } = await outcomeOf(createEncryptStream({ keys: provider }), Buffer.of(1));
      expect(error?.message).toMatch(wrong.message);
      expect([bytes.length, calls]).toEqual([0, []]);
    },
  );

  it.each([
    ['1970', 0],
    ['the end of 2105', 4_291_747_199_000],
    ['the last second of 32 bits', (2 ** 32 - 1) * 1_000],
    ['2106', 2 ** 32 * 1_000],
    ['the year 9999', 253_402_300_799_000],
    ['the last day of JavaScript', 8_640_000_000_000_000],
  ])('that says %s is taken at its word', async (_, now) => {
    says(now);
    const sealed = await encrypt('x', { keys });
    expect((await readHeader(sealed)).created).toBe(now);
    expect(String(await decrypt(sealed, { keys }))).toBe('x');
  });
});
