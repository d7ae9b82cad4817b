import type { S3ClientLike } from '../../../src/s3/client-like.js';
import type { CrashState } from '../../support/crash/crash-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import type { RecordedFiles } from '../../support/crash/recorded-files.js';
import type { Bucket } from '../../support/s3/fake/state.js';
import { currentOf, slice } from '../../support/s3/fake/state.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';

/** What a bucket holds at a moment. */
export type BucketState = Pick<Bucket, 'keys' | 'uploads'>;

/** A state of a bucket, and during which operations of the files it can have been the one that is there. */
interface Recorded {
  /** Operations that had been done when the request that made it was sent. */
  readonly from: number;
  /** And when that was answered: up to then there may be the state before. */
  readonly until: number;
  readonly state: BucketState;
}

/** A disk, and a bucket beside it. */
export interface CrashPlace extends CrashState {
  readonly store: BucketState;
  /** How many requests that change something had been answered, at least. */
  readonly changes: number;
}

const CHANGES = new Set([
  'PutObjectCommand',
  'CreateMultipartUploadCommand',
  'UploadPartCommand',
  'CompleteMultipartUploadCommand',
  'AbortMultipartUploadCommand',
]);

/** A client whose requests are recorded beside the operations of files. */
export class RecordedStore {
  readonly client: S3ClientLike;
  readonly states: Recorded[];
  /** Which objects were asked for, and how many operations had been done when the answer came. */
  readonly reads: { readonly key: string; readonly after: number }[] = [];

  constructor({ client, fake, bucket }: FakeForTests, { operations }: RecordedFiles) {
    const there = fake.world.bucket(bucket);
    this.states = [{ from: 0, until: 0, state: copyOf(there) }];
    const send = async (command: object, options: object): Promise<unknown> => {
      const from = operations.length;
      try {
        return await client.send(command as never, options as never);
      } finally {
        const { name } = command.constructor;
        const until = operations.length;
        if (CHANGES.has(name)) this.states.push({ from, until, state: copyOf(there) });
        const { Key } = (command as { input: { Key?: string } }).input;
        if (name === 'GetObjectCommand') this.reads.push({ key: String(Key), after: until });
      }
    };
    this.client = new Proxy(client, {
      get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
    });
  }

  /** Every disk with every state of the bucket that can have been beside it. */
  *beside(disks: Iterable<CrashState>): Generator<CrashPlace> {
    for (const { after, disk } of disks) {
      for (const [changes, { from, state }] of this.states.entries()) {
        const { until = Number.POSITIVE_INFINITY } = this.states[changes + 1] ?? {};
        if (from <= after && after <= until) yield { after, disk, store: state, changes };
      }
    }
  }
}

/** Gives a bucket this state. */
export function restoreBucket({ fake, bucket }: FakeForTests, state: BucketState): void {
  const there = fake.world.bucket(bucket);
  const { keys, uploads } = copyOf(state);
  there.keys.clear();
  there.uploads.clear();
  for (const [key, versions] of keys) there.keys.set(key, versions);
  for (const [id, upload] of uploads) there.uploads.set(id, upload);
}

/** The objects of a bucket, by their keys. */
export function objectsOf(state: BucketState): DiskState {
  const found = new Map<string, Buffer>();
  for (const key of [...state.keys.keys()].sort()) {
    const version = currentOf(state as Bucket, key);
    if (version !== undefined) found.set(key, Buffer.concat(slice(version.pieces, 0, version.size)));
  }
  return found;
}

function copyOf({ keys, uploads }: BucketState): BucketState {
  return {
    keys: new Map([...keys].map(([key, versions]) => [key, [...versions]])),
    uploads: new Map([...uploads].map(([id, upload]) => [id, { ...upload, parts: new Map(upload.parts) }])),
  };
}
