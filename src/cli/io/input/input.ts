import type { BigIntStats } from 'node:fs';
import { createReadStream, read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import type { FileId } from '../../../file-system.js';
import type { ReadableFile } from '../../../files/byte-file.js';
import { descriptorFile, isFileOrDevice } from '../../../files/descriptor-file.js';
import type { Openness } from '../../../files/replace-file/openness.js';
import { opennessOf } from '../../../files/replace-file/openness.js';
import { descriptorNamed } from '../../../sources/descriptor-name.js';
import { isSystemError, reason } from '../../../system-error.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { DESCRIPTOR_TROUBLE } from '../../terminal/messages/files/descriptors.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import type { InputHints } from '../../terminal/messages/files/input-hints.js';
import { OPENING_HINTS } from '../../terminal/messages/files/input-hints.js';
import { assertReadable, socketOver } from '../descriptors/descriptor-check.js';
import { fileId, statsOf, storedFileId } from '../descriptors/file-kind.js';
import { inherited } from '../descriptors/named-descriptors.js';
import { pipeInput } from '../descriptors/own-pipe.js';

/** The input of a command. */
export interface Input {
  /** Its name in messages. */
  readonly name: string;
  readonly isTerminal: boolean;
  /** Size in bytes, for a regular file. */
  readonly size: number | undefined;
  readonly storedId: FileId | undefined;
  /** Facts about the input, of any kind; undefined if it is not in a file system. */
  readonly fileId: FileId | undefined;
  /** Of a regular file. */
  readonly openness: Openness | undefined;
  /** Of a regular file that was opened by its name. */
  readonly path?: string | undefined;
  /** The rest of a file, a device or a pipe; undefined if the input can only be read as a stream. */
  readonly file: ReadableFile | undefined;
  /** The same as a stream, created by the first call, which closes the file of a pipe. */
  stream(): Readable;
  /**
   * Call before closing: refuses a regular file that became shorter since it was opened, a connection that was reset
   * and a terminal that was closed, whose end must not be trusted.
   */
  assertNotCut(): Promise<void>;
  /** Stops reading. Never rejects. */
  close(): Promise<void>;
}

/** Bytes read from a file at once. */
export const READ_SIZE = 1_048_576;
const STANDARD_INPUT = 0;
const readAsync = promisify(read);

/** Opens FILE, or standard input for `-` or if no FILE was given. */
export async function openInput(
  operand: string | undefined,
  hints: InputHints = OPENING_HINTS,
): Promise<Input> {
  if (operand === undefined || operand === '-') return standardInput(hints);
  try {
    const descriptor = descriptorNamed(operand);
    if (descriptor !== undefined) {
      assertReadable(inherited(descriptor, operand), operand, await statsOf(descriptor));
    }
    const handle = await open(operand, 'r');
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) {
      await handle.close();
      throw new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(operand, hints.isDirectory(operand)));
    }
    const file = isFileOrDevice(stats, handle.fd) ? handle : undefined;
    const pipe = pipeInput(handle.fd);
    const { stream, close } = over(handle, stats.isFile());
    return {
      name: operand,
      path: descriptor === undefined && stats.isFile() ? operand : undefined,
      isTerminal: false,
      ...described(stats),
      get file() {
        return file ?? pipe.end;
      },
      assertNotCut: () => assertNotCut(operand, stats, handle.fd),
      stream() {
        pipe.close();
        return stream();
      },
      close() {
        pipe.close();
        return close();
      },
    };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const hint = error.code === 'ENOENT' ? hints.isAbsent(operand) : undefined;
    throw new CommandError(EXIT.other, { ...FILE_TROUBLE.cannotRead(operand, reason(error)), hint }, error);
  }
}

/**
 * A stream over a handle closes it, possibly late: a read of a FIFO may never return. For a regular file, the handle
 * stays open at the end, because the file is checked once more.
 */
function over(handle: FileHandle, isRegular: boolean): Pick<Input, 'stream' | 'close'> {
  let stream: Readable | undefined;
  return {
    stream: () => (stream ??= handle.createReadStream({ highWaterMark: READ_SIZE, autoClose: !isRegular })),
    close: async () => {
      if (stream === undefined) await handle.close().catch(() => undefined);
      else stream.destroy();
    },
  };
}

async function standardInput(hints: InputHints): Promise<Input> {
  const name = 'standard input';
  const stats = await statsOf(STANDARD_INPUT);
  if (stats.isDirectory()) {
    throw new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(name, hints.isDirectory(undefined)));
  }
  assertReadable(STANDARD_INPUT, name, stats);
  if (stats.isSocket()) socketOver(STANDARD_INPUT, name);
  const isTerminal = isatty(STANDARD_INPUT);
  const isNodes = isTerminal || stats.isFIFO() || stats.isSocket();
  const file = isFileOrDevice(stats, STANDARD_INPUT) ? descriptorFile(STANDARD_INPUT) : undefined;
  const pipe = pipeInput(STANDARD_INPUT);
  let stream: Readable | undefined;
  return {
    name,
    isTerminal,
    ...described(stats),
    get file() {
      return file ?? pipe.end;
    },
    stream() {
      pipe.close();
      stream ??= isNodes ? process.stdin : readStandardInput();
      return stream;
    },
    assertNotCut: async () => {
      if (isTerminal) assertNotHungUp();
      else if (stats.isSocket()) await assertNotReset(name, stream);
      else await assertNotCut(name, stats, STANDARD_INPUT);
    },
    close: async () => {
      pipe.close();
      stream?.destroy();
    },
  };
}

function readStandardInput(): Readable {
  return createReadStream('', { fd: STANDARD_INPUT, autoClose: false, highWaterMark: READ_SIZE });
}

function described(stats: BigIntStats): Pick<Input, 'size' | 'storedId' | 'fileId' | 'openness'> {
  const size = stats.isFile() ? Number(stats.size) : undefined;
  return {
    size,
    storedId: storedFileId(stats),
    fileId: fileId(stats),
    openness: stats.isFile() ? opennessOf(stats) : undefined,
  };
}

async function assertNotCut(name: string, opened: BigIntStats, fd: number): Promise<void> {
  if (!opened.isFile() || (await statsOf(fd)).size >= opened.size) return;
  throw new CommandError(EXIT.other, FILE_TROUBLE.cutWhileRead(name));
}

/** A closed terminal looks like one in which the end was typed, but is not a terminal any more. */
function assertNotHungUp(): void {
  if (!isatty(STANDARD_INPUT)) throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.hungUp());
}

/**
 * If a connection was reset just after some bytes, Node 20 reports a normal end. Reading once more shows the error,
 * because Node leaves standard descriptors open.
 */
async function assertNotReset(name: string, stream: Readable | undefined): Promise<void> {
  if (stream?.readableEnded !== true) return;
  try {
    const { bytesRead } = await readAsync(STANDARD_INPUT, Buffer.alloc(1), 0, 1, null);
    if (bytesRead > 0) throw new CommandError(EXIT.other, FILE_TROUBLE.cutWhileRead(name));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(name, reason(error)), error);
  }
}
