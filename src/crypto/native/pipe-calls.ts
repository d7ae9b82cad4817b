import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { NativeAddon, PipeWatch } from './addon.js';
import { loadAddon } from './addon.js';

const WOULD_WAIT = -constants.errno.EAGAIN;

/** One end of a pipe, read or written without waiting by a descriptor that is open with O_NONBLOCK. */
export interface PipeCalls {
  /**
   * @returns the number of bytes read, 0 at the end; undefined if there are none yet
   * @throws Error with the `code` of the system
   */
  read(views: readonly Uint8Array[]): number | undefined;
  /**
   * @returns the number of bytes written; undefined if there is no room yet
   * @throws Error with the `code` of the system
   */
  write(views: readonly Uint8Array[]): number | undefined;
  /** Calls back when another try may succeed. */
  readonly watch: PipeWatch;
}

/**
 * Enlarges a pipe to at least `size` bytes if the system allows it. It is never made smaller.
 *
 * @returns its capacity in bytes
 * @throws RangeError without the addon; Error with the `code` of the system
 */
export function growPipe(descriptor: number, size: number): number {
  const answer = theAddon().growPipe(descriptor, size);
  if (answer < 0) throw systemError(answer, 'fcntl');
  return answer;
}

/** Largest packet of a pipe in packet mode, in bytes. @throws RangeError without the addon */
export function packetSize(): number {
  return theAddon().packetSize;
}

/**
 * @param callback of the watch
 * @throws RangeError without the addon, or if it cannot wait
 */
export function pipeCalls(descriptor: number, callback: () => void): PipeCalls {
  const addon = theAddon();
  const done = (answer: number, syscall: string): number | undefined => {
    if (answer >= 0) return answer;
    if (answer === WOULD_WAIT) return undefined;
    throw systemError(answer, syscall);
  };
  return {
    read: (views) => done(addon.readPipe(descriptor, views), 'read'),
    write: (views) => done(addon.writePipe(descriptor, views), 'write'),
    watch: new addon.PipeWatch(descriptor, callback),
  };
}

function theAddon(): NativeAddon {
  const addon = loadAddon();
  if (typeof addon === 'string') throw new RangeError(addon);
  return addon;
}

function systemError(errno: number, syscall: string): Error {
  const [code, words] = getSystemErrorMap().get(errno) ?? [`errno ${-errno}`, 'unknown error'];
  return Object.assign(new Error(`${code}: ${words}, ${syscall}`), { errno, code, syscall });
}
