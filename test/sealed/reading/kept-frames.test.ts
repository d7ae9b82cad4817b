import { expect, it, vi } from 'vitest';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { forgetCopies, unwiped } from '../../keys/cache/recorded-copies.js';
import { patterned } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';

vi.mock('../../../src/bytes.js', async (original) =>
  (await import('../../keys/cache/recorded-copies.js')).recording(await original()),
);

const F = 1_048_576;
const plaintext = patterned(3 * F);
plaintext.write('a frame that is kept', F);
const sealed = await encrypt(plaintext, { keys, frameSize: F });
const { preambleSize } = await readHeader(sealed);

it('the copy of a kept frame that was made ahead is wiped if what comes before it does not verify', async () => {
  const altered = Buffer.from(sealed);
  altered[preambleSize]! ^= 1;
  await using reader = await openSealed(altered, { keys });
  await reader.read(F, F + 20);
  forgetCopies();
  await expect(reader.read(0, 2 * F)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  expect(unwiped(plaintext.subarray(F, F + 20))).toHaveLength(0);
  expect(forgetCopies()).toBeGreaterThan(0);
  expect(await reader.read(F, F + 20)).toEqual(plaintext.subarray(F, F + 20));
});
