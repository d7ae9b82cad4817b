import type { RunSealer } from '../../blocks/run-sealer.js';
import { progressTeller } from '../../files/file-options.js';
import type { Recipient } from '../../format/stream-header.js';
import type { SealSession } from '../../session/seal-session.js';
import type { TransferDiagnostics } from '../store/diagnostics.js';
import type { StoreCalls } from '../store/store-calls.js';
import { Checksums } from './checksums.js';
import { writeFinally } from './conditional-write.js';
import type { UploadTerms } from './multipart-upload.js';
import { MultipartUpload, partError } from './multipart-upload.js';
import { PartPlan } from './part-plan.js';
import { PartSink } from './part-sink.js';
import type { Source } from './source.js';
import type { Identity, StoredObject } from './stored-object.js';
import { SALT_METADATA } from './stored-object.js';
import type { UploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';

/** What an upload works with, once the keys are there. */
export interface UploadWork {
  readonly settings: UploadSettings;
  readonly session: SealSession<RunSealer>;
  readonly calls: StoreCalls;
  readonly diagnostics: TransferDiagnostics;
  readonly preamble: Uint8Array;
  readonly source: Source;
}

/** One sealed stream on its way into an object: through the sink into parts, or by one PutObject if it is small. */
export class ObjectUpload {
  readonly #work: UploadWork;
  readonly #terms: UploadTerms;
  readonly #multipart: MultipartUpload;
  readonly #sink: PartSink;
  readonly #salt: string;
  readonly #warnings: string[] = [];
  readonly #progress: () => void;

  static async over(work: UploadWork): Promise<ObjectUpload> {
    const { client, checksumAlgorithm, hasRetention } = work.settings;
    return new ObjectUpload(work, await Checksums.of(client, checksumAlgorithm, hasRetention));
  }

  private constructor(work: UploadWork, checksums: Checksums) {
    const { settings, session, calls, diagnostics, preamble, source } = work;
    const { concurrency, target, payloadSigning: signing, seal } = settings;
    this.#work = work;
    this.#salt = Buffer.from(session.header!.salt).toString('hex');
    const length = seal.expectedLength ?? source.length;
    this.#terms = {
      calls,
      target,
      attributes: withSalt(settings.attributes, this.#salt),
      checksums,
      signing,
      diagnostics,
      warn: (warning) => {
        if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
      },
    };
    this.#multipart = new MultipartUpload(this.#terms);
    const { frameSize } = seal;
    const plan = new PartPlan({
      frameSize,
      preambleSize: preamble.length,
      partSize: settings.partSize,
      length,
    });
    diagnostics.tell('start', {
      partSize: plan.capacity(1),
      concurrency,
      ...(length !== undefined && { total: length }),
    });
    const tell = progressTeller(settings.onProgress, length);
    this.#progress = () => tell({ bytesIn: session.bytesIn, bytesOut: this.#multipart.bytes });
    this.#sink = new PartSink({
      session,
      preamble,
      plan,
      concurrency,
      send: (number, bytes) => this.#send(number, bytes),
      taken: this.#progress,
      sourceTimeout: settings.sourceTimeout,
    });
  }

  /** Sends it all. @throws (rejects) the first failure: then `dismiss` has to be called */
  async run(): Promise<StoredObject> {
    const { session, source, settings, calls } = this.#work;
    await source.pour(this.#sink, session.stopped);
    session.end();
    await session.confirm();
    session.frames!.finish();
    const { number, bytes } = await this.#sink.rest();
    const { overwrite, target } = settings;
    const identity: Identity = { size: session.bytesOut, salt: this.#salt };
    if (!this.#multipart.isBegun) {
      const input = this.#putInput(bytes);
      const { signing, warn } = this.#terms;
      return writeFinally(
        calls,
        {
          operation: 'PutObject',
          target,
          identity,
          input: async () => input,
          options: { payload: { bytes, signing } },
          explain: (error, { name }) => partError(error, name, 0, signing),
        },
        overwrite,
        warn,
      );
    }
    const last = this.#send(number, bytes);
    last.catch((error: Error) => session.stop(error));
    await Promise.allSettled([this.#sink.landed(), last]);
    if (session.stopped.aborted) throw session.stopped.reason;
    return writeFinally(
      calls,
      {
        operation: 'CompleteMultipartUpload',
        target,
        identity,
        input: () => this.#multipart.completion(),
        options: {},
      },
      overwrite,
      this.#terms.warn,
    );
  }

  /** Removes what was sent, when nothing is in flight any more. @returns false if parts may be left */
  async dismiss(): Promise<boolean> {
    await this.#sink.landed();
    return this.#multipart.dismiss();
  }

  report({ etag, versionId }: StoredObject, milliseconds: number): UploadReport {
    const { session, settings, diagnostics } = this.#work;
    const { suite, layout, frameSize, recipients } = session.header!;
    const { parts } = this.#multipart;
    const { bytesIn, bytesOut } = session;
    const ended = { bytes: bytesOut, parts, milliseconds: Math.round(milliseconds) };
    diagnostics.tell('end', ended);
    settings.onProgress?.({ bytesIn, bytesOut, total: bytesIn });
    return {
      bucket: settings.target.bucket,
      key: settings.target.key,
      ...(etag !== undefined && { etag }),
      ...(versionId !== undefined && { versionId }),
      suite,
      layout,
      frameSize,
      bytesIn,
      bytesOut,
      frames: session.framesOut,
      milliseconds: ended.milliseconds,
      recipients: recipients.map(named),
      recipient: named(session.recipient!),
      parts,
      retries: diagnostics.retries,
      warnings: this.#warnings,
    };
  }

  async #send(number: number, bytes: Buffer): Promise<void> {
    try {
      await this.#multipart.send(number, bytes);
    } catch (error) {
      // Before the source hears of it: of several failures the first one stands.
      this.#work.session.stop(error as Error);
      throw error;
    }
    this.#progress();
  }

  #putInput(bytes: Buffer): object {
    const { target, attributes, checksums } = this.#terms;
    return {
      Bucket: target.bucket,
      Key: target.key,
      ContentLength: bytes.length,
      ...attributes,
      ...checksums.of(bytes),
    };
  }
}

function withSalt(attributes: object, salt: string): object {
  const { Metadata } = attributes as { readonly Metadata?: object };
  return { ...attributes, Metadata: { ...Metadata, [SALT_METADATA]: salt } };
}

function named({ provider, key }: Recipient): Pick<Recipient, 'provider' | 'key'> {
  return { provider, key };
}
