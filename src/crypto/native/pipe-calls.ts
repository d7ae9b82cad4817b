import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { NativeAddon, PipeWatch } from './addon.js';
import { loadAddon } from './addon.js';

const WOULD_WAIT = -constants.errno.EAGAIN;

/** One end of a pipe that is read or written without waiting, by a descriptor that is open with O_NONBLOCK. */
export interface PipeCalls {
  /**
   * @returns how many bytes came, 0 at the end; undefined if none has come yet
   * @throws Error with the `code` of the system
   */
  read(views: readonly Uint8Array[]): number | undefined;
  /**
   * @returns how many bytes were taken; undefined if there is no room yet
   * @throws Error with the `code` of the system
   */
  write(views: readonly Uint8Array[]): number | undefined;
  /** Tells when it is worth while to try again. */
  readonly watch: PipeWatch;
}

/**
 * Has a pipe hold at least `size` bytes, if the system lets it. It is never made smaller.
 *
 * @returns bytes that it holds at most
 * @throws RangeError where there is no addon; Error with the `code` of the system
 */
export function growPipe(descriptor: number, size: number): number {
  const answer = theAddon().growPipe(descriptor, size);
  if (answer < 0) throw systemError(answer, 'fcntl');
  return answer;
}

/** Bytes of a packet at most, of a pipe in packet mode. @throws RangeError where there is no addon */
export function packetSize(): number {
  return theAddon().packetSize;
}

/**
 * @param callback of the watch
 * @throws RangeError where there is no addon, or nothing to wait with
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
