import { onAbort } from '../../abort.js';
import type { S3ClientLike } from '../client-like.js';
import { TransferDiagnostics } from '../store/diagnostics.js';
import { storeError } from '../store/errors/store-error.js';
import type { Pace } from '../store/pace.js';
import { StoreCalls } from '../store/store-calls.js';
import { MOST_PARTS } from './parts/part-plan.js';
import { Checksums } from './requests/checksums.js';
import type { FinalWrite } from './requests/conditional-write.js';
import { writeFinally } from './requests/conditional-write.js';
import { MultipartUpload, withPolicyHint } from './requests/multipart-upload.js';
import { abortLeftOpen } from './requests/open-upload.js';
import type { StoredObject, Target } from './requests/stored-object.js';
import { assertAbsent, SALT_METADATA } from './requests/stored-object.js';

/** A sealed stream that can be read at any position, repeatedly. */
export interface SealedBytes {
  readonly size: number;
  /** Of the stream (FORMAT 1), in hex. */
  readonly salt: string;
  /** Fills `memory` with the bytes from `position` on. @throws (rejects) if they do not exist */
  read(memory: Buffer, position: number): Promise<void>;
}

/** The destination of sealed bytes, and the settings of the upload. */
export interface SealedUpload {
  readonly client: S3ClientLike;
  readonly target: Target;
  /** Members of PutObject and CreateMultipartUpload. */
  readonly attributes: { readonly Metadata?: object };
  readonly hasRetention: boolean;
  /** Whether to remove earlier uploads of this object, because nobody else uploads it. */
  readonly clearsLeft: boolean;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** Most milliseconds that removing parts may take after a failure. */
  readonly cleanUp: number;
}

/** An object up to this size is sent at once; larger ones in parts of at least this size. */
const PART = 8_388_608;
const IN_FLIGHT = 2;

/**
 * Stores bytes unchanged, unless the object exists. It uses memory for two parts. A failure leaves no part behind if
 * the store allows their removal.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_EXISTS` for an object that exists and is not this one, `_STORE`,
 * `_CHANGED`; the error of reading; an AbortError
 */
export async function uploadSealed(bytes: SealedBytes, upload: SealedUpload): Promise<StoredObject> {
  const diagnostics = new TransferDiagnostics('upload');
  const { client, pace, target, hasRetention } = upload;
  // The first part that fails ends the others.
  const stop = new AbortController();
  const settled = onAbort(upload.signal, () => stop.abort(upload.signal.reason));
  const calls = new StoreCalls(client, { signal: stop.signal, onRetry: diagnostics.retry, pace });
  const since = performance.now();
  try {
    await assertAbsent(calls, target);
    const checksums = await Checksums.of(client, undefined, hasRetention);
    const transfer = { bytes, upload, calls, checksums, diagnostics, stop };
    const { stored, parts } = await (bytes.size <= PART ? putAtOnce(transfer) : putInParts(transfer));
    const milliseconds = Math.round(performance.now() - since);
    diagnostics.tell('end', { bytes: bytes.size, parts, milliseconds });
    return stored;
  } catch (error) {
    diagnostics.error(error, {});
    throw error;
  } finally {
    settled();
  }
}

interface Transfer {
  readonly bytes: SealedBytes;
  readonly upload: SealedUpload;
  readonly calls: StoreCalls;
  readonly checksums: Checksums;
  readonly diagnostics: TransferDiagnostics;
  readonly stop: AbortController;
}

interface Sent {
  readonly stored: StoredObject;
  readonly parts: number;
}

const SIGNING = 'auto';

async function putAtOnce({ bytes, upload, calls, checksums, diagnostics }: Transfer): Promise<Sent> {
  const { target } = upload;
  diagnostics.tell('start', { total: bytes.size });
  const memory = Buffer.allocUnsafeSlow(bytes.size);
  await bytes.read(memory, 0);
  const input = {
    Bucket: target.bucket,
    Key: target.key,
    ContentLength: bytes.size,
    ...attributesOf(bytes, upload),
    // Some servers take a locked object only if its checksum is also announced.
    ...(upload.hasRetention && checksums.announced()),
    ...checksums.of(memory),
  };
  const stored = await finish(calls, {
    operation: 'PutObject',
    target,
    identity: bytes,
    input: async () => input,
    options: { payload: { bytes: memory, signing: SIGNING } },
    explain: (error, { name }) => withPolicyHint(storeError(error, 'PutObject', input), name, SIGNING),
  });
  return { stored, parts: 0 };
}

async function putInParts(transfer: Transfer): Promise<Sent> {
  const { bytes, upload, calls, checksums, diagnostics, stop } = transfer;
  const { target } = upload;
  const partSize = Math.max(PART, Math.ceil(bytes.size / MOST_PARTS));
  if (upload.clearsLeft) await abortLeftOpen(calls, target, stop.signal);
  diagnostics.tell('start', { partSize, concurrency: IN_FLIGHT, total: bytes.size });
  const multipart = new MultipartUpload({
    calls,
    target,
    attributes: () => attributesOf(bytes, upload),
    checksums,
    signing: SIGNING,
    diagnostics,
    warn: () => undefined,
  });
  try {
    await sendParts(transfer, multipart, partSize);
    const stored = await finish(calls, {
      operation: 'CompleteMultipartUpload',
      target,
      identity: bytes,
      input: () => multipart.completion(),
      options: {},
    });
    return { stored, parts: multipart.parts };
  } catch (error) {
    await multipart.dismiss(upload.cleanUp);
    throw error;
  }
}

/** Sends all parts from reused memory. @throws (rejects) the first failure */
async function sendParts(
  { bytes, stop }: Transfer,
  multipart: MultipartUpload,
  partSize: number,
): Promise<void> {
  const parts = Math.ceil(bytes.size / partSize);
  let next = 1;
  let failure: { readonly error: unknown } | undefined;
  const sendOn = async (): Promise<void> => {
    const memory = Buffer.allocUnsafeSlow(partSize);
    try {
      while (next <= parts && failure === undefined) {
        const number = next++;
        const start = (number - 1) * partSize;
        const part = memory.subarray(0, Math.min(partSize, bytes.size - start));
        await bytes.read(part, start);
        await multipart.send(number, part);
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, parts) }, sendOn));
  if (failure !== undefined) throw failure.error;
}

function finish(calls: StoreCalls, write: FinalWrite): Promise<StoredObject> {
  return writeFinally(calls, write, false, () => undefined);
}

function attributesOf({ salt }: SealedBytes, { attributes }: SealedUpload): object {
  return { ...attributes, Metadata: { ...attributes.Metadata, [SALT_METADATA]: salt } };
}
