import { expect, onTestFinished } from 'vitest';
import type { ReadablePipe } from '../../../src/files/byte-file.js';
import { writeFull } from '../../../src/files/byte-file.js';
import { pipeSink, pipeSource } from '../../../src/files/pipes/pipe-file.js';
import type { EncryptObjectOptions, UploadReport } from '../../../src/s3/index.js';
import { encryptPipe } from '../../../src/s3/upload/encrypt-pipe.js';
import type { Behaviour } from '../../files/memory-file.js';
import { MemoryFile } from '../../files/memory-file.js';
import { PROMPTLY } from '../../support/outcome.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';
import { systemPipe } from '../../support/system-pipe.js';
import { keys } from '../../support/test-keys.js';
import { FAST, MIB, openUploads, stored } from './uploads.js';

/** Bytes of a frame. */
export const F = 65_536;
/** Plaintext of a part. */
export const PART = 80 * F;
/** What the pipes hold. */
export const HOLDS = 131_072;

export type Given = Partial<Omit<EncryptObjectOptions, 'body'>>;

const never = new AbortController().signal;
const ignored = () => undefined;

/** Uploads a pipe to the key `k` of the fake's bucket, in parts of 5 MiB. */
export function uploadPipe(
  { client, bucket }: FakeForTests,
  pipe: ReadablePipe,
  given: Given = {},
): Promise<UploadReport> {
  return encryptPipe({ client, bucket, key: 'k', keys, partSize: 5 * MIB, ...given }, pipe, FAST);
}

/** A pipe of the system, with both of its ends. */
export async function pipe() {
  const { reader, writer, end } = await systemPipe();
  const from = pipeSource(reader, HOLDS)!;
  const into = pipeSink(writer, 0)!;
  onTestFinished(() => {
    from.close();
    into.close();
  });
  return {
    from,
    /** Resolves when all of it is in the pipe. */
    give: (bytes: Uint8Array) => writeFull(into, [bytes], never, ignored),
    /** Nobody writes any more. */
    end() {
      into.close();
      end(writer);
    },
  };
}

/** A pipe in memory: its blocks can be looked at. */
export function memoryPipe(content: Uint8Array, behaviour: Behaviour = {}) {
  const sizes = { holds: HOLDS, packet: 4_096 };
  const file = new MemoryFile(content, { pipe: sizes, most: [HOLDS], ...behaviour });
  const from: ReadablePipe = { readv: (views) => file.readv(views), pipe: sizes, giveUp: ignored };
  return { file, from };
}

/** What an upload fails with. It leaves no object and no part. */
export async function failureOf(here: FakeForTests, over: Promise<unknown>): Promise<unknown> {
  const since = performance.now();
  const error = await over.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(performance.now() - since).toBeLessThan(PROMPTLY);
  expect(stored(here)).toBeUndefined();
  expect(openUploads(here)).toBe(0);
  return error;
}
