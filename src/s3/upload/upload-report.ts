import type { FileReport } from '../../files/file-options.js';

/** The report of `encryptObject`: plain JSON. */
export interface UploadReport extends FileReport {
  /** As it was given. */
  readonly bucket: string;
  /** As it was given. */
  readonly key: string;
  /** The object's ETag, with its quotes, if the store sent it. */
  readonly etag?: string;
  /** The version that was written, in a bucket with versions. */
  readonly versionId?: string;
  /** How many parts the object was sent in; 0 if it was sent by one PutObject. */
  readonly parts: number;
  /** Of a resumed upload: how many parts an earlier process had sent. */
  readonly resumedParts?: number;
  /** How many requests were sent again, beyond the retries of the client itself. */
  readonly retries: number;
  /** Warnings, although the object is whole. */
  readonly warnings: readonly string[];
}
