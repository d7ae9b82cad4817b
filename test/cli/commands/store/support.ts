import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encrypt } from '../../../../src/index.js';
import { keyFrom } from '../../../../src/keys/index.js';
import { placeOf, putBytes } from '../../../s3/support/sealed-objects.js';
import type { User } from '../../../support/s3/fake/access/users.js';
import { ROOT } from '../../../support/s3/fake/access/users.js';
import type { FakeS3 } from '../../../support/s3/fake/fake-s3.js';
import { REGION } from '../../../support/s3/fake/fake-s3.js';
import { currentOf } from '../../../support/s3/fake/state.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import type { StartOptions } from '../../support/running.js';
import { command, KEY_TEXT } from '../../support/running.js';

/** A place with a key file `k`, a file `a`, and the environment of someone who uses the AWS CLI with this server. */
export async function placeAt(fake: FakeS3, { accessKeyId, secretAccessKey }: User = ROOT): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello\n');
  const env = {
    AWS_ENDPOINT_URL_S3: fake.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    SEALPIPE_KEY: 'file:k',
  };
  return { ...place, env: { ...place.env, ...env } };
}

/** Seals an object for its place, and puts it there by the back door. */
export async function putObject(
  fake: FakeS3,
  { folder }: Place,
  bucket: string,
  key: string,
  plaintext: Buffer,
  options: { layout?: 'record' } = {},
): Promise<Buffer> {
  const keys = await keyFrom(`file:${join(folder, 'k')}`);
  const sealed = await encrypt(plaintext, { keys, encryptionContext: placeOf(bucket, key), ...options });
  await keys.close();
  putBytes(fake.world.bucket(bucket), key, sealed);
  return sealed;
}

/** How a command ended, in text. */
export async function run(place: Place, words: readonly string[], options?: StartOptions) {
  const { status, stdout, stderr } = await command(words, place, options);
  return { status, stdout: stdout.toString(), stderr };
}

/** The bytes of an object; undefined if there is none. */
export function objectIn({ world }: FakeS3, bucket: string, key: string): Buffer | undefined {
  const version = currentOf(world.bucket(bucket), key);
  return version && Buffer.concat([...version.pieces]);
}

/** What a bucket has: the keys of its objects, and its open uploads. */
export function contentOf({ world }: FakeS3, name: string): { keys: string[]; uploads: number } {
  const bucket = world.bucket(name);
  return { keys: [...bucket.keys.keys()].sort(), uploads: bucket.uploads.size };
}
