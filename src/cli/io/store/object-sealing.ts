import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { EncryptOptions, Recipient, StreamHeader } from '../../../index.js';
import type { S3Message, UploadBody, UploadReport } from '../../../s3/index.js';
import type { ObjectManner } from '../../arguments/store/object-attributes.js';
import type { NamedPlace } from '../../arguments/store/object-names.js';
import type { Input } from '../input/input.js';
import type { Job } from '../jobs/job.js';
import { Program } from '../program/program.js';
import type { ObjectStore } from './object-store.js';

const CHANNEL = 'sealpipe:s3';
/** The most bytes of a program's output that may wait. */
const WAITING = 1_048_576;

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

/** Seals a stream into an object. A program is started once the keys are known and the object is known not to exist. */
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
    const { client, s3, settings } = this.#store;
    const { concurrency, location } = settings;
    const body = bodyOf(from);
    const hear = (message: unknown): void => {
      if ((message as S3Message).partsRemoved === false) this.partsMayBeLeft = true;
    };
    subscribe(CHANNEL, hear);
    try {
      this.report = await s3.encryptObject({
        ...seal,
        ...manner,
        ...{ client, bucket: place.bucket, key: place.key, concurrency, location, journal },
        body,
        onHeader: (header) => {
          this.header = header;
          onHeader(header);
          if (from instanceof Program) feed(from, body as PassThrough);
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
}

/** A file is read at any position, so that its upload can be resumed. */
function bodyOf(from: Input | Program): UploadBody {
  if (from instanceof Program) return new PassThrough({ highWaterMark: WAITING });
  return from.path === undefined ? from.stream() : pathToFileURL(from.path);
}

/** Starts a program and passes its output on. A failure destroys the stream that receives it. */
function feed(program: Program, body: PassThrough): void {
  body.on('error', () => undefined);
  program
    .start()
    .then((source) => pipeline(source, body))
    .catch((error: Error) => body.destroy(error));
}
