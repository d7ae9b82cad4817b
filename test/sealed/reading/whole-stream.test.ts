import { describe, expect, it } from 'vitest';
import { PreambleReader } from '../../../src/format/preamble.js';
import { assertWhole } from '../../../src/sealed/reading/whole-stream.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { patterned } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';

const F = 4_096;
const never = new AbortController().signal;

/** Whether a stream is taken for a whole one by the lengths of its frames alone. */
async function check(sealed: Buffer): Promise<void> {
  const files = new RecordedFiles(new Map([['/file', sealed]]));
  const file = await files.open('/file', { access: 'read' });
  const { header } = new PreambleReader().take(sealed, 0).preamble!;
  await assertWhole(file, header, undefined, never);
}

const TRUNCATED = { code: 'ERR_SEALPIPE_TRUNCATED' };
const TRAILING = { code: 'ERR_SEALPIPE_TRAILING_DATA' };

describe.each(['fixed', 'record'] as const)('without a key, a stream in the %s layout', (layout) => {
  it.each([0, 1, F, 100 * F + 5])('of %i bytes is whole', async (size) => {
    await check(await encrypt(patterned(size), { keys, layout, frameSize: F }));
  });

  it('is not whole without its last frame', async () => {
    const sealed = await encrypt(patterned(3 * F), { keys, layout, frameSize: F });
    const { preambleSize } = new PreambleReader().take(sealed, 0).preamble!.header;
    await expect(check(sealed.subarray(0, preambleSize))).rejects.toMatchObject(TRUNCATED);
  });
});

describe('without a key, a stream in the record layout', () => {
  const sealedOf = (size: number) => encrypt(patterned(size), { keys, layout: 'record', frameSize: F });

  it.each([1, 2, 16, 19, 20, 21])('is not whole if %i bytes are missing at its end', async (count) => {
    for (const size of [10, 3 * F + 100]) {
      await expect(check((await sealedOf(size)).subarray(0, -count))).rejects.toMatchObject(TRUNCATED);
    }
  });

  it.each([1, 4, 5_000])('is refused with %i bytes after its end', async (count) => {
    const sealed = Buffer.concat([await sealedOf(10), Buffer.alloc(count)]);
    await expect(check(sealed)).rejects.toMatchObject(TRAILING);
  });

  it('is refused if the length of a frame is not legal', async () => {
    const sealed = await sealedOf(3 * F);
    const { preambleSize } = new PreambleReader().take(sealed, 0).preamble!.header;
    sealed.writeUInt32BE(F + 1, preambleSize + F + 20);
    await expect(check(sealed)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });
});
