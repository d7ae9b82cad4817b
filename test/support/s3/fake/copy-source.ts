import { invalidArgument } from './answer.js';
import type { S3Request } from './request.js';

/** What a copy reads. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** The source of a copy: `bucket/key`, URL-encoded, perhaps with `?versionId=…`; undefined if the request is no copy. */
export function copySourceOf({ headers }: S3Request): CopySource | undefined {
  const header = headers['x-amz-copy-source'];
  if (header === undefined) return undefined;
  const [place = '', version] = header.split('?versionId=');
  const path = decodeURIComponent(place).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1) throw invalidArgument('The copy source must be a bucket and a key');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId: version };
}
