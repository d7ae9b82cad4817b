import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, it } from 'vitest';
import type { EncryptOptions } from '../../../src/index.js';
import { createEncryptStream, decrypt } from '../../../src/index.js';
import { patterned, piecesOf } from '../../support/pieces.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { MIB, openUploads, source, stored } from './uploads.js';

const here = fakeForTests();

/** As the page has it: the encrypt stream as it is. */
async function upload(body: Readable, options: Partial<EncryptOptions> = {}, more = {}): Promise<void> {
  const seal = createEncryptStream({ keys, ...options });
  const params = { Bucket: here.bucket, Key: 'k', Body: seal, ...more };
  const sent = new Upload({ client: here.client, params, partSize: 5 * MIB, queueSize: 3 });
  const [object] = await Promise.allSettled([sent.done(), pipeline(body, seal)]);
  if (object.status === 'rejected') throw object.reason;
}

const opened = () => decrypt(stored(here)!, { keys });

describe('the encrypt stream as the body of an Upload', () => {
  it.each([0, 1, 5 * MIB, 23 * MIB + 11])('makes an object of %d bytes', async (size) => {
    await upload(source(size));
    expect((await opened()).equals(patterned(size))).toBe(true);
    expect(openUploads(here)).toBe(0);
  });

  it('gives memory that is never written again, though parts are held and sent late', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'delay', milliseconds: 50 });
    await upload(Readable.from(piecesOf(patterned(17 * MIB), 777)));
    expect((await opened()).equals(patterned(17 * MIB))).toBe(true);
  });

  it('has no number that Upload would take for a length', () => {
    const seal = createEncryptStream({ keys });
    for (const name of ['size', 'length', 'byteLength', 'start', 'end', 'path']) {
      expect(typeof Reflect.get(seal, name)).not.toBe('number');
      expect(typeof Reflect.get(seal, name)).not.toBe('string');
    }
    seal.destroy();
  });

  it('passes conditions on to the completion', async () => {
    await upload(source(12 * MIB), {}, { IfNoneMatch: '*' });
    await expect(upload(source(12 * MIB), {}, { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });

  it.each([0, 12 * MIB])(
    'leaves no object of a source that ends early but cleanly (%d bytes)',
    async (size) => {
      const confirm = () => Promise.reject(new Error('status 1'));
      await expect(upload(source(size), { confirm })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
      await expect(upload(source(size), { expectedLength: size + 1 })).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_LENGTH',
      });
      expect([stored(here), openUploads(here)]).toEqual([undefined, 0]);
    },
  );

  it('leaves no object of a source that fails', async () => {
    for (const end of ['fails', 'is destroyed'] as const) {
      await expect(upload(source(12 * MIB, end))).rejects.toThrow();
      expect([stored(here), openUploads(here)]).toEqual([undefined, 0]);
    }
  });
});
