import { unlessAborted } from '../../../abort.js';
import { isSealpipeError, SealpipeError } from '../../../errors.js';
import type { TransferDiagnostics } from '../../store/diagnostics.js';
import { storeError } from '../../store/errors/store-error.js';
import type { PayloadSigning } from '../../store/requests/payload.js';
import type { StoreCalls } from '../../store/store-calls.js';
import type { Checksums } from './checksums.js';
import type { ListedPart, OpenUpload } from './open-upload.js';
import { abortUpload, listParts } from './open-upload.js';
import type { Target } from './stored-object.js';

/** Settings of all requests of an upload. */
export interface UploadTerms {
  readonly calls: StoreCalls;
  readonly target: Target;
  /** The attributes of the object, once its keys are known. */
  readonly attributes: () => object;
  readonly checksums: Checksums;
  readonly signing: PayloadSigning;
  readonly diagnostics: TransferDiagnostics;
  readonly warn: (warning: string) => void;
  /** Called with the upload before its first part is sent. */
  readonly begun?: ((upload: OpenUpload) => Promise<void>) | undefined;
}

/** A part that was sent. */
export interface SentPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string | undefined;
  readonly checksum: unknown;
}

/**
 * How long to wait for the response to CreateMultipartUpload after the transfer has failed: it names the upload to
 * remove.
 */
const LATE_ANSWER = 10_000;
const CLEAN_UP = 60_000;
const NOT_COMPARED =
  'The parts were not compared with those that the store has: it does not let them be listed (s3:ListMultipartUploadParts)';

/** One multipart upload, which begins with its first part. */
export class MultipartUpload {
  readonly #terms: UploadTerms;
  readonly #sent = new Map<number, SentPart>();
  readonly #creating = new AbortController();
  #bytes = 0;
  #created: Promise<OpenUpload> | undefined;
  /** Known as soon as the store has named it, even if a later step fails. */
  #upload: OpenUpload | undefined;

  constructor(terms: UploadTerms) {
    this.#terms = terms;
  }

  /** Continues an open upload that already has these parts. */
  adopt(upload: OpenUpload, parts: readonly SentPart[]): void {
    this.#created = Promise.resolve(upload);
    for (const part of parts) this.#count(part);
  }

  /**
   * The upload, which is created on first use. After an abort, only `dismiss` waits for it.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`; an AbortError
   */
  open(): Promise<OpenUpload> {
    this.#created ??= this.#create();
    return unlessAborted(this.#created, this.#terms.calls.signal);
  }

  /** Whether a part was sent, or is being sent. */
  get isBegun(): boolean {
    return this.#created !== undefined;
  }

  /** Parts that the store has confirmed. */
  get parts(): number {
    return this.#sent.size;
  }

  /** Bytes in these parts. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Sends a part. Its bytes may change again when this has settled.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`; an AbortError
   */
  async send(number: number, bytes: Buffer): Promise<void> {
    const { calls, checksums, signing, diagnostics } = this.#terms;
    const { bucket, key, uploadId } = await this.open();
    const since = performance.now();
    const checksum = checksums.of(bytes);
    const outcome = await calls.attempt<{ ETag?: string; [checksum: string]: unknown }>(
      'UploadPart',
      {
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        PartNumber: number,
        ContentLength: bytes.length,
        ...checksum,
      },
      { payload: { bytes, signing } },
    );
    if (outcome.error !== undefined) {
      const told = storeError(outcome.error, 'UploadPart');
      // A store that has accepted one part has no such policy. Any of the first parts may be the first to be refused.
      throw this.#sent.size > 0 ? told : withPolicyHint(told, outcome.facts.name, signing);
    }
    const { ETag: etag } = outcome.answer!;
    const own = checksums.member && (checksum.ChecksumCRC32 ?? outcome.answer![checksums.member]);
    this.#count({ number, size: bytes.length, etag, checksum: own });
    const milliseconds = Math.round(performance.now() - since);
    diagnostics.tell('part', { part: number, bytes: bytes.length, milliseconds });
  }

  /**
   * The parts for CompleteMultipartUpload, as the store lists them. They must be the parts that were sent.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if they are not; `ERR_SEALPIPE_STORE`; an AbortError
   */
  async completion(): Promise<object> {
    const { target, checksums, warn } = this.#terms;
    const upload = await this.#created!;
    const listed = await listParts(this.#terms.calls, upload);
    const sent = [...this.#sent.values()].sort((a, b) => a.number - b.number);
    if (listed === undefined) warn(NOT_COMPARED);
    else assertSame(sent, listed, checksums);
    const { member } = checksums;
    const parts = sent.map(({ number, etag, checksum }, i) => ({
      PartNumber: number,
      // The store may have received a part twice, and with a key of KMS the same bytes get another ETag each time.
      ETag: listed?.[i]?.ETag ?? etag,
      ...(member !== undefined && checksum !== undefined && { [member]: checksum }),
    }));
    return {
      Bucket: target.bucket,
      Key: target.key,
      UploadId: upload.uploadId,
      MultipartUpload: { Parts: parts },
      MpuObjectSize: this.bytes,
    };
  }

  /**
   * Removes all parts. No part may be in flight.
   *
   * @param within most milliseconds that this may take
   * @returns false if parts may be left
   */
  async dismiss(within = CLEAN_UP): Promise<boolean> {
    if (this.#created === undefined) return true;
    const late = setTimeout(() => this.#creating.abort(), Math.min(within, LATE_ANSWER));
    const created = await this.#created.catch(() => undefined).finally(() => clearTimeout(late));
    const upload = created ?? this.#upload;
    // If the response was lost, it may exist under an unknown id.
    if (upload === undefined) return !this.#creating.signal.aborted;
    const signal = AbortSignal.timeout(within);
    return abortUpload(this.#terms.calls.under(signal), upload, signal).catch(() => false);
  }

  /** Counts a part that the store has only once, however often it was sent. */
  #count(part: SentPart): void {
    this.#bytes += part.size - (this.#sent.get(part.number)?.size ?? 0);
    this.#sent.set(part.number, part);
  }

  /** Without the signal of the transfer, because an upload with an unknown id cannot be removed. */
  async #create(): Promise<OpenUpload> {
    const { calls, target, attributes, checksums, begun } = this.#terms;
    const answer = await calls
      .under(this.#creating.signal)
      .send<{ UploadId?: string }>('CreateMultipartUpload', {
        Bucket: target.bucket,
        Key: target.key,
        ...attributes(),
        ...checksums.announced(),
      });
    if (typeof answer.UploadId !== 'string') {
      throw new SealpipeError('ERR_SEALPIPE_STORE', 'The store did not name the upload that it began');
    }
    const upload: OpenUpload = { ...target, uploadId: answer.UploadId };
    this.#upload = upload;
    await begun?.(upload);
    return upload;
  }
}

/** @throws SealpipeError `ERR_SEALPIPE_CHANGED` */
function assertSame(sent: readonly SentPart[], listed: readonly ListedPart[], { member }: Checksums): void {
  const isSame = (part: SentPart, other: ListedPart | undefined): boolean => {
    if (other?.PartNumber !== part.number || other.Size !== part.size) return false;
    const checksum = member && other[member];
    return checksum === undefined || part.checksum === undefined || checksum === part.checksum;
  };
  if (listed.length === sent.length && sent.every((part, i) => isSame(part, listed[i]))) return;
  throw new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'The parts that the store has are not those that were sent: something else wrote to the same upload',
    { retryable: true },
  );
}

/**
 * Adds a hint about the policy that may refuse payloads whose hash is not signed.
 *
 * @param told the failure of the first payload
 * @param name of the error of the store
 */
export function withPolicyHint(told: Error, name: string | undefined, signing: PayloadSigning): Error {
  if (name !== 'AccessDenied' || signing === 'signed' || !isSealpipeError(told)) return told;
  return new SealpipeError(told.code, told.message, {
    hint: `${told.hint}. If a policy has a condition on s3:x-amz-content-sha256, set \`payloadSigning: "signed"\``,
    cause: told.cause,
    retryable: false,
  });
}
