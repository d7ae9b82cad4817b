import { Readable } from 'node:stream';
import type { EncryptObjectOptions, UploadReport } from '../../../src/s3/index.js';
import type { Pace } from '../../../src/s3/store/pace.js';
import { uploadAt } from '../../../src/s3/upload/encrypt-object.js';
import { decrypt } from '../../../src/session/one-shot.js';
import { patterned } from '../../support/pieces.js';
import { currentOf, slice } from '../../support/s3/fake/state.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';

export const MIB = 2 ** 20;

/** As a store is called, but as fast as a test can bear. */
export const FAST: Pace = { tries: 4, firstPause: 1, longestPause: 4, stallAfter: 120_000 };

type Given = Partial<EncryptObjectOptions>;

/** Uploads to the key `k` of the fake's bucket unless told otherwise, in parts of 5 MiB. */
export async function upload(
  here: FakeForTests,
  body: EncryptObjectOptions['body'],
  given: Given = {},
  pace: Pace = FAST,
): Promise<UploadReport> {
  const { client, bucket } = here;
  return uploadAt({ client, bucket, key: 'k', body, keys, partSize: 5 * MIB, ...given }, pace);
}

/** The bytes of an object of the fake; undefined if there is none. */
export function stored({ fake, bucket }: FakeForTests, key = 'k'): Buffer | undefined {
  const version = currentOf(fake.world.bucket(bucket), key);
  return version && Buffer.concat(slice(version.pieces, 0, version.size));
}

/** The plaintext of an object of the fake, with its place bound to it. */
export async function opened(here: FakeForTests, key = 'k', bucket = here.bucket): Promise<Buffer> {
  const encryptionContext = { 'sealpipe:bucket': bucket, 'sealpipe:key': key };
  return decrypt(stored({ ...here, bucket } as FakeForTests, key)!, { keys, encryptionContext });
}

/** How many multipart uploads the fake has open. */
export function openUploads({ fake, bucket }: FakeForTests): number {
  return fake.world.bucket(bucket).uploads.size;
}

/** A stream of `size` patterned bytes in chunks, and then `end`: nothing, an error, or an end without one. */
export function source(
  size: number,
  end: 'ends' | 'fails' | 'is destroyed' | 'stalls' = 'ends',
  chunk = 65_536,
): Readable {
  const bytes = patterned(size);
  let at = 0;
  return new Readable({
    highWaterMark: chunk,
    read() {
      if (at < size) {
        this.push(bytes.subarray(at, Math.min(size, at + chunk)));
        at += chunk;
      } else if (end === 'ends') this.push(null);
      else if (end === 'fails') this.destroy(new Error('the disk is broken'));
      else if (end === 'is destroyed') this.destroy();
    },
  });
}
