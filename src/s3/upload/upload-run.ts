import type { RunSealer } from '../../blocks/run-sealer.js';
import { fileReport, progressTeller } from '../../files/file-options.js';
import type { SealSession } from '../../session/seal-session.js';
import type { TransferDiagnostics } from '../store/diagnostics.js';
import { storeError } from '../store/errors/store-error.js';
import type { StoreCalls } from '../store/store-calls.js';
import type { PartPlan } from './parts/part-plan.js';
import { Checksums } from './requests/checksums.js';
import { writeFinally } from './requests/conditional-write.js';
import { MultipartUpload, withPolicyHint } from './requests/multipart-upload.js';
import type { OpenUpload } from './requests/open-upload.js';
import type { Identity, StoredObject } from './requests/stored-object.js';
import { SALT_METADATA } from './requests/stored-object.js';
import type { UploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';

/** The input of every kind of upload. */
export interface RunWork {
  readonly settings: UploadSettings;
  readonly session: SealSession<RunSealer>;
  readonly calls: StoreCalls;
  readonly diagnostics: TransferDiagnostics;
  /** Bytes of plaintext, if known. */
  readonly length: number | undefined;
  /** Called with a multipart upload before its first part is sent. */
  readonly begun?: ((upload: OpenUpload) => Promise<void>) | undefined;
}

/** One upload from its first part to its report, independent of how the parts are filled. */
export class UploadRun {
  readonly #work: RunWork;
  readonly #checksums: Checksums;
  readonly #warnings: string[] = [];
  readonly #since = performance.now();
  readonly multipart: MultipartUpload;
  /** Reports progress to the listener, at a limited rate. */
  readonly progress: () => void;

  static async over(work: RunWork): Promise<UploadRun> {
    const { client, checksumAlgorithm, hasRetention } = work.settings;
    return new UploadRun(work, await Checksums.of(client, checksumAlgorithm, hasRetention));
  }

  private constructor(work: RunWork, checksums: Checksums) {
    const { settings, calls, diagnostics, begun, length } = work;
    const { target, payloadSigning: signing } = settings;
    this.#work = work;
    this.#checksums = checksums;
    this.progress = progressTeller(settings.onProgress, length, () => {
      return { bytesIn: work.session.bytesIn, bytesOut: this.multipart.bytes };
    });
    this.multipart = new MultipartUpload({
      calls,
      target,
      attributes: this.#attributes,
      checksums,
      signing,
      diagnostics,
      warn: this.#warn,
      begun,
    });
  }

  get checksums(): Checksums {
    return this.#checksums;
  }

  /** Reports the start. */
  started(plan: PartPlan): void {
    const { diagnostics, settings, length } = this.#work;
    const total = length === undefined ? {} : { total: length };
    if (plan.warning !== undefined) this.#warn(plan.warning);
    diagnostics.tell('start', { partSize: plan.capacity(1), concurrency: settings.concurrency, ...total });
  }

  /** Sends a part. If that fails, the session is stopped: the first of several failures is kept. */
  readonly send = async (number: number, bytes: Buffer): Promise<void> => {
    try {
      await this.multipart.send(number, bytes);
      this.progress();
    } catch (error) {
      this.#work.session.stop(error as Error);
      throw error;
    }
  };

  /** Completes the object from all parts, which have been sent. */
  complete(): Promise<StoredObject> {
    const { calls, settings } = this.#work;
    return writeFinally(
      calls,
      {
        operation: 'CompleteMultipartUpload',
        target: settings.target,
        identity: this.#identity(),
        input: () => this.multipart.completion(),
        options: {},
      },
      settings.overwrite,
      this.#warn,
    );
  }

  /** Creates the object with one request. */
  put(bytes: Buffer): Promise<StoredObject> {
    const { calls, settings } = this.#work;
    const { target, payloadSigning: signing, overwrite, hasRetention } = settings;
    const input = {
      Bucket: target.bucket,
      Key: target.key,
      ContentLength: bytes.length,
      ...this.#attributes(),
      // Some servers take a locked object only if its checksum is also announced.
      ...(hasRetention && this.#checksums.announced()),
      ...this.#checksums.of(bytes),
    };
    return writeFinally(
      calls,
      {
        operation: 'PutObject',
        target,
        identity: this.#identity(),
        input: async () => input,
        options: { payload: { bytes, signing } },
        explain: (error, { name }) => withPolicyHint(storeError(error, 'PutObject', input), name, signing),
      },
      overwrite,
      this.#warn,
    );
  }

  /** Reports the end: the object is whole. */
  report({ etag, versionId }: StoredObject, resumedParts?: number): UploadReport {
    const { session, settings, diagnostics } = this.#work;
    const { parts } = this.multipart;
    const { bytesIn, bytesOut } = session;
    const run = fileReport(session, performance.now() - this.#since);
    diagnostics.tell('end', { bytes: bytesOut, parts, milliseconds: run.milliseconds });
    settings.onProgress?.({ bytesIn, bytesOut, total: bytesIn });
    return {
      bucket: settings.target.bucket,
      key: settings.target.key,
      ...(etag !== undefined && { etag }),
      ...(versionId !== undefined && { versionId }),
      ...run,
      parts,
      ...(resumedParts !== undefined && { resumedParts }),
      retries: diagnostics.retries,
      warnings: this.#warnings,
    };
  }

  readonly #warn = (warning: string): void => {
    if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
  };

  #identity(): Identity {
    return { size: this.#work.session.bytesOut, salt: this.#salt() };
  }

  #salt(): string {
    return Buffer.from(this.#work.session.header!.salt).toString('hex');
  }

  readonly #attributes = (): object => {
    const { attributes } = this.#work.settings;
    const { Metadata } = attributes as { readonly Metadata?: object };
    return { ...attributes, Metadata: { ...Metadata, [SALT_METADATA]: this.#salt() } };
  };
}
