import type { RunSealer } from '../../../blocks/run-sealer.js';
import { isSealpipeError } from '../../../errors.js';
import type { SealSession } from '../../../session/seal-session.js';
import type { StoreCalls } from '../../store/store-calls.js';
import type { PlainFile } from '../parts/plain-file.js';
import type { Checksums } from '../requests/checksums.js';
import type { MultipartUpload, SentPart } from '../requests/multipart-upload.js';
import type { OpenUpload } from '../requests/open-upload.js';
import { abortUpload, listParts } from '../requests/open-upload.js';
import type { UploadSettings } from '../upload-options.js';
import { Claims } from './claims.js';
import type { JournalText } from './journal-text.js';
import { unresumable } from './unresumable.js';
import type { UploadJournal } from './upload-journal.js';

/** The input for beginning or resuming the upload of a file. */
export interface ResumeWork {
  readonly settings: UploadSettings;
  readonly session: SealSession<RunSealer>;
  readonly calls: StoreCalls;
  readonly file: PlainFile;
  readonly journal: UploadJournal;
  readonly multipart: MultipartUpload;
  readonly checksums: Checksums;
  readonly endpoint: string | undefined;
}

/** An upload with keys, id and a journal that records them. */
export interface ReadyUpload {
  readonly preamble: Uint8Array;
  readonly claims: Claims;
  readonly recorded: ReadonlyMap<number, string>;
  readonly uploaded: ReadonlyMap<number, number>;
}

const CLEAN_UP = 60_000;

/**
 * Resumes the upload of an earlier process if file, options and keys are the same.
 *
 * @returns undefined if they are not: then its parts are removed
 * @throws (rejects) `unresumable` if they cannot be removed, or the store has others; a transient error, in which case
 * the upload is left unchanged; an AbortError
 */
export async function resumed(work: ResumeWork): Promise<ReadyUpload | undefined> {
  const { session, calls, multipart, journal, checksums } = work;
  const { previous } = journal;
  if (previous === undefined) return undefined;
  const { bucket, key, uploadId } = previous.head;
  const upload: OpenUpload = { bucket, key, uploadId };
  const resume = isSame(work, previous) ? previous.head.resume : undefined;
  const claimKey =
    resume && (await session.resume(Buffer.from(resume.preamble, 'base64')).catch(unlessLater));
  if (resume === undefined || claimKey === undefined) {
    if (await removed(calls, upload)) return undefined;
    throw unresumable();
  }
  const claims = new Claims(claimKey);
  try {
    const parts = await partsOf(calls, upload, checksums);
    // From here on, this process has to remove them.
    multipart.adopt(upload, parts ?? []);
    if (parts === undefined || !parts.every(({ number }) => previous.claims.has(number))) throw unresumable();
    await journal.goOn(previous);
    return {
      preamble: Buffer.from(resume.preamble, 'base64'),
      claims,
      recorded: previous.claims,
      uploaded: new Map(parts.map(({ number, size }) => [number, size])),
    };
  } catch (error) {
    claims.wipe();
    throw error;
  }
}

/** Begins an upload that another process can resume. */
export async function begun({
  session,
  settings,
  multipart,
  journal,
  file,
  calls,
  checksums,
  endpoint,
}: ResumeWork): Promise<ReadyUpload> {
  const { preamble, claimKey } = await session.beginResumable();
  const claims = new Claims(claimKey);
  try {
    const { bucket, key, uploadId } = await multipart.open();
    await journal.begin({
      bucket,
      key,
      ...(endpoint !== undefined && { endpoint }),
      region: await calls.client.config.region(),
      uploadId,
      started: new Date().toISOString(),
      resume: {
        preamble: Buffer.from(preamble).toString('base64'),
        source: file.path,
        length: file.size,
        options: optionsOf({ settings, checksums }),
      },
    });
  } catch (error) {
    claims.wipe();
    throw error;
  }
  return { preamble, claims, recorded: new Map(), uploaded: new Map() };
}

/** Removes the parts of an upload that will not be resumed. @returns false if some may be left */
export function removed(calls: StoreCalls, upload: OpenUpload): Promise<boolean> {
  const signal = AbortSignal.timeout(CLEAN_UP);
  return abortUpload(calls.under(signal), upload, signal).catch(() => false);
}

function isSame(work: ResumeWork, { head, isSound }: JournalText): boolean {
  const { file } = work;
  const { resume } = head;
  if (resume === undefined || !isSound || file.path === '') return false;
  return resume.source === file.path && resume.length === file.size && resume.options === optionsOf(work);
}

/** All parts of an upload have the same kind of checksum, chosen by the client unless the caller chooses. */
function optionsOf({ settings, checksums }: Pick<ResumeWork, 'settings' | 'checksums'>): string {
  return `${settings.optionsDigest} ${checksums.algorithm ?? 'none'}`;
}

/** Transient errors are thrown: the upload stays and can be resumed later. */
function unlessLater(error: unknown): undefined {
  const isFinal = isSealpipeError(error) && error.retryable !== true && error.code !== 'ERR_SEALPIPE_TIMEOUT';
  if (!isFinal) throw error;
}

/** Undefined if the upload no longer exists, or its parts may not be listed. */
async function partsOf(
  calls: StoreCalls,
  upload: OpenUpload,
  { member }: Checksums,
): Promise<SentPart[] | undefined> {
  const listed = await listParts(calls, upload).catch(unlessLater);
  return listed?.map((part) => ({
    number: part.PartNumber ?? 0,
    size: part.Size ?? -1,
    etag: part.ETag,
    checksum: member && part[member],
  }));
}
