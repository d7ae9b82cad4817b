import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { throwIfAborted } from '../../../abort.js';
import { isSealpipeError } from '../../../errors.js';
import type { FileId } from '../../../file-system.js';
import { interruptedRewrap, mayBeTorn } from '../../../files/heads/interrupted-rewrap.js';
import { withSteadyHead } from '../../../files/heads/steady-head.js';
import type { Openness } from '../../../files/replace-file/openness.js';
import { opennessOf } from '../../../files/replace-file/openness.js';
import type { ByteSource, SealedSource, StreamHeader } from '../../../index.js';
import { readHeader } from '../../../index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { SEALED_USAGE } from '../../terminal/messages/sealed.js';
import { storedFileId } from '../descriptors/file-kind.js';

type Pairs = Readonly<Record<string, string>>;

/** A sealed file or object that can be read at any position. */
export interface SealedFile {
  /** Its name in messages. */
  readonly name: string;
  readonly size: number;
  readonly storedId: FileId | undefined;
  /** The rights of a file. */
  readonly openness: Openness | undefined;
  readonly source: SealedSource;
  /** The same. @param count called with the number of bytes read */
  counted(count: (bytes: number) => void): ByteSource;
  /** Its header, which is not authenticated. Rejects with `ERR_SEALPIPE_LOCKED` during a re-wrap. */
  header(signal: AbortSignal): Promise<StreamHeader>;
  /** The pairs that its encryption context must have: those of the user and, for an object, those of its place. */
  required(pairs: Pairs | undefined): Pairs | undefined;
  /**
   * The error to report for a file that the keys do not open: the given one, or that its re-wrap was interrupted. Never
   * rejects.
   */
  blamed(error: unknown): Promise<unknown>;
  /** Adds its name to a failed read. */
  failure(error: unknown): unknown;
  /** Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens a file by its name.
 *
 * @param why what cannot be done with a name that is not a regular file, for the message
 * @param folderHint what to do if it is a folder
 * @throws CommandError with status 1, or 2 if it is not a regular file
 */
export async function openSealedFile(
  name: string,
  why: string,
  folderHint = 'Name a file in it.',
): Promise<SealedFile> {
  if (name === '-') throw misuse(SEALED_USAGE.needsFile('standard input', why));
  try {
    // Opening a FIFO would wait.
    const handle = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const close = () => handle.close().catch(() => undefined);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      await close();
      if (stats.isDirectory()) throw new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(name, folderHint));
      throw misuse(SEALED_USAGE.needsFile(name, why));
    }
    const header = (signal: AbortSignal) =>
      withSteadyHead({
        read: async () => ({ header: await readHeader(beginning(handle, signal)) }),
        open: async (head) => head.header,
        isPast: () => signal.aborted,
        isSteady: true,
        path: name,
      });
    return {
      name,
      size: Number(stats.size),
      storedId: storedFileId(stats),
      openness: opennessOf(stats),
      source: handle,
      counted: (count) => ({
        size: async () => Number(stats.size),
        read: (start, end) => {
          count(end - start);
          return readFully(handle, start, end);
        },
      }),
      header,
      required: (pairs) => pairs,
      failure: (error) => readFailure(name, error),
      blamed: async (error) => (mayBeTorn(error) ? await interruptedRewrap(name, error) : undefined) ?? error,
      close,
    };
  } catch (error) {
    throw readFailure(name, error);
  }
}

const MAGIC_SIZE = 8;

/** Whether a file begins like a sealed stream or cannot be read. False for an empty file. */
export async function mayBeSealed(name: string): Promise<boolean> {
  try {
    const handle = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const beginning = await readFully(handle, 0, MAGIC_SIZE).finally(() => handle.close());
    if (beginning.length === 0) return false;
    const error: unknown = await readHeader(beginning).catch((reason: unknown) => reason);
    return !isSealpipeError(error) || error.code !== 'ERR_SEALPIPE_FORMAT';
  } catch {
    return true;
  }
}

/** Adds the name of the file to a failed read. */
export function readFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(name, reason(error)), error);
}

const PIECE = 65_536;

/** The bytes of a file from its beginning, independent of its current position. */
async function* beginning(handle: FileHandle, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  for (let position = 0; ; ) {
    throwIfAborted(signal);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE), 0, PIECE, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The bytes of an open file from `start` to `end`, or fewer if it ends before. */
export async function readFully(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(end - start);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
