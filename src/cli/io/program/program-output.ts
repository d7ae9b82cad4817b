import { once } from 'node:events';
import { close, constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { leftovers } from '../../../files/replace-file/leftovers.js';

/** The connection from a program's standard output to us. */
export interface ProgramOutput {
  /** For the `stdio` of `spawn`. */
  readonly stdio: number | 'pipe';
  /** The output of the program; undefined if it comes from the `'pipe'` of `spawn`, by {@link readAtOnce}. */
  readonly source: Readable | undefined;
  /** Closes our copy of the other end. Call it when the program was started, or could not be. */
  release(): Promise<void>;
}

const closeFile = promisify(close);
const openFile = promisify(open);

/**
 * A pipe of the system. Node gives a child a socket, which a program cannot open as `/dev/stdout`, and which causes an
 * error message instead of SIGPIPE if nobody reads. Node cannot create a pipe, so a FIFO is created and both of its
 * ends are opened. If that does not work, Node's socket is used.
 */
export async function openProgramOutput(): Promise<ProgramOutput> {
  return (await openPipe()) ?? { stdio: 'pipe', source: undefined, release: async () => undefined };
}

async function openPipe(): Promise<ProgramOutput | undefined> {
  if (process.platform === 'win32') return undefined;
  let folder: string | undefined;
  let source: Socket | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'sealpipe-'));
    leftovers.add(folder);
    const path = join(folder, 'pipe');
    await makeFifo(path);
    // The read end first, which O_NONBLOCK allows to open without a writer; then opening the write end does not wait
    // either.
    const reader = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    source = new Socket({ fd: reader, readable: true, writable: false });
    const writer = await openFile(path, constants.O_WRONLY);
    return { stdio: writer, source, release: () => closeFile(writer) };
  } catch {
    source?.destroy();
    return undefined;
  } finally {
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      leftovers.delete(folder);
    }
  }
}

async function makeFifo(path: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const child = spawn('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error('mkfifo failed');
}

/** When a child ends, Node discards output that nothing has begun to read. */
export function readAtOnce(stdout: Readable): Readable {
  const through = new PassThrough();
  stdout.once('error', (error) => through.destroy(error));
  through.once('close', () => stdout.destroy());
  return stdout.pipe(through);
}
