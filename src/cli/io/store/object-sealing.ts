import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { isReadablePipe } from '../../../files/byte-file.js';
import type { EncryptOptions, Recipient, StreamHeader } from '../../../index.js';
import type { EncryptObjectOptions, S3Message, UploadReport } from '../../../s3/index.js';
import type { ObjectManner } from '../../arguments/store/object-attributes.js';
import type { NamedPlace } from '../../arguments/store/object-names.js';
import type { Input } from '../input/input.js';
import type { Job } from '../jobs/job.js';
import { Program } from '../program/program.js';
import type { ObjectStore } from './object-store.js';

const CHANNEL = 'sealpipe:s3';
/** The most bytes of a program's output that may wait. */
const WAITING = 1_048_576;

/** Options of `encryptObject`, except for the plaintext. */
type UploadWish = Omit<EncryptObjectOptions, 'body'>;

/** The input and settings of a new object. */
export interface ObjectWish {
  readonly from: Input | Program;
  readonly place: NamedPlace;
  readonly manner: ObjectManner;
  readonly seal: Omit<EncryptOptions, 'layout'>;
  readonly onHeader: (header: StreamHeader) => void;
  /** The folder of its journal. */
  readonly journal: string | undefined;
}

/** Seals an input, or what a program writes, into an object. */
export class ObjectSealing implements Job {
  readonly #store: ObjectStore;
  readonly #wish: ObjectWish;
  header: StreamHeader | undefined;
  readonly recipient: Recipient | undefined;
  bytesIn = 0;
  bytesOut = 0;
  report: UploadReport | undefined;
  /** Whether parts may be left in the store after a failure. */
  partsMayBeLeft = false;

  constructor(store: ObjectStore, wish: ObjectWish) {
    this.#store = store;
    this.#wish = wish;
  }

  async run(): Promise<void> {
    const { from, place, manner, seal, onHeader, journal } = this.#wish;
    const { client, settings } = this.#store;
    const { concurrency, location } = settings;
    const hear = (message: unknown): void => {
      if ((message as S3Message).partsRemoved === false) this.partsMayBeLeft = true;
    };
    subscribe(CHANNEL, hear);
    try {
      this.report = await this.#upload(from, {
        ...seal,
        ...manner,
        ...{ client, bucket: place.bucket, key: place.key, concurrency, location, journal },
        onHeader: (header) => {
          this.header = header;
          onHeader(header);
        },
        onProgress: ({ bytesIn, bytesOut }) => {
          this.bytesIn = bytesIn;
          this.bytesOut = bytesOut;
        },
      });
      this.bytesIn = this.report.bytesIn;
      this.bytesOut = this.report.bytesOut;
    } finally {
      unsubscribe(CHANNEL, hear);
    }
  }

  async #upload(from: Input | Program, options: UploadWish): Promise<UploadReport> {
    const { encryptObject } = this.#store.s3;
    if (from instanceof Program) return encryptObject(programmed(from, options));
    // A file is read at any position, so that its upload can be resumed.
    if (from.path !== undefined) return encryptObject({ ...options, body: pathToFileURL(from.path) });
    const { file } = from;
    if (file === undefined || !isReadablePipe(file))
      return encryptObject({ ...options, body: from.stream() });
    const { encryptPipe } = await import('../../../s3/upload/encrypt-pipe.js');
    return encryptPipe(options, file);
  }
}

/** A program is started once the keys are known and the object is known not to exist. */
function programmed(program: Program, options: UploadWish): EncryptObjectOptions {
  const body = new PassThrough({ highWaterMark: WAITING });
  return {
    ...options,
    body,
    onHeader: (header) => {
      options.onHeader?.(header);
      feed(program, body);
    },
  };
}

/** Starts a program and passes its output on. A failure destroys the stream that receives it. */
function feed(program: Program, body: PassThrough): void {
  body.on('error', () => undefined);
  program
    .start()
    .then((source) => pipeline(source, body))
    .catch((error: Error) => body.destroy(error));
}
