import type { S3ClientLike } from '../../client-like.js';
import { checkClient } from '../../client-like.js';
import type { Pace } from '../../store/pace.js';
import { StoreCalls } from '../../store/store-calls.js';
import { endpointOf } from './endpoint.js';
import { removed } from './resumption.js';
import { UploadJournal } from './upload-journal.js';

/** A recorded upload that has not ended: plain JSON. */
export interface RecordedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** By ISO 8601. */
  readonly started: string;
  readonly region: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint?: string;
  /** The file whose upload can be resumed; absent if it cannot. */
  readonly source?: string;
  /** How many parts were begun, if it can be resumed. */
  readonly parts?: number;
  /** Whether the uploading process still runs. */
  readonly isInUse: boolean;
}

/**
 * The uploads in the journals of a folder: those in progress, and those that a killed process has left.
 *
 * @throws (rejects) the error of the system
 */
export async function recordedUploads(folder: string): Promise<RecordedUpload[]> {
  const journals = await UploadJournal.all(folder);
  return journals.map(({ text: { head, claims }, isInUse }) => {
    const { bucket, key, uploadId, started, region, endpoint, resume } = head;
    return {
      bucket,
      key,
      uploadId,
      started,
      region,
      ...(endpoint !== undefined && { endpoint }),
      ...(resume !== undefined && { source: resume.source, parts: claims.size }),
      isInUse,
    };
  });
}

/** The outcome of removing an upload: `in use`: its process still runs; `left`: the store keeps parts of it. */
export type Removal = 'removed' | 'in use' | 'left';

/**
 * Removes the parts of an upload that will not be resumed, and its journal.
 *
 * @param client for the region and the endpoint of the upload
 * @throws (rejects) the error of the system; an AbortError
 */
export async function abortRecorded(
  folder: string,
  { bucket, key }: Pick<RecordedUpload, 'bucket' | 'key'>,
  client: S3ClientLike,
  { signal, pace }: { readonly signal: AbortSignal; readonly pace?: Pace },
): Promise<Removal> {
  const endpoint = await endpointOf(checkClient(client));
  const journal = await UploadJournal.open(folder, { bucket, key, endpoint });
  if (journal === undefined) return 'in use';
  const previous = journal.previous?.head;
  const isRemoved =
    previous === undefined || (await removed(new StoreCalls(client, { signal, pace }), previous));
  await (isRemoved ? journal.end() : journal.leave());
  return isRemoved ? 'removed' : 'left';
}
