import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Trait } from '../../support/s3/servers.js';

/** The bucket of the matrix, the same on every server. */
export const bucket = 'the-matrix';

/** A row of the matrix: the same calls against every server. */
export interface Row {
  readonly says: string;
  /** Servers that lack one of these are passed over. */
  readonly needs?: readonly Trait[];
  readonly run: (client: S3Client) => Promise<void>;
}

/** Puts an object into the bucket of the matrix. */
export function put(client: S3Client, Key: string, Body: Buffer, more: Partial<PutObjectCommandInput> = {}) {
  return client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
}
