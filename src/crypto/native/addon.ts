import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SuiteName } from '../../suites.js';
import type { FrameCipher, PiecewiseCipher } from '../aead.js';

/** The functions of the addon (addon.c). */
export interface NativeAddon {
  /** @throws RangeError for a suite that the OpenSSL inside this Node does not have */
  readonly FrameCipher: new (
    suite: SuiteName,
    key: Uint8Array,
    baseNonce: Uint8Array,
  ) => PiecewiseCipher & Required<Pick<FrameCipher, 'seal' | 'open' | 'sealFrames' | 'openFrames' | 'wipe'>>;
  /** Locks a whole file, exclusively, for its open file description (file-calls.c). @returns the name of the error */
  lockFile(descriptor: number): string | undefined;
  /** Copies extended attributes, ACLs among them (file-calls.c). @returns the name of the error */
  copyAttributes(from: number, to: number): string | undefined;
  /**
   * Reads the bytes that a pipe holds (pipe-calls.c). @returns bytes, 0 at the end, or an error of the system below 0
   */
  readPipe(descriptor: number, views: readonly Uint8Array[]): number;
  /** Writes as many bytes as fit into a pipe (pipe-calls.c). @returns bytes, or an error of the system below 0 */
  writePipe(descriptor: number, views: readonly Uint8Array[]): number;
  /**
   * Enlarges a pipe to `size` bytes if the system allows it (pipe-calls.c). @returns its capacity, or an error of the
   * system below 0
   */
  growPipe(descriptor: number, size: number): number;
  /** Largest packet of a pipe in packet mode, in bytes: a page. */
  readonly packetSize: number;
  /** @throws RangeError if the event loop of this Node cannot wait for the descriptor */
  readonly PipeWatch: new (
    descriptor: number,
    callback: () => void,
  ) => PipeWatch;
}

/** Waits for a pipe in the event loop (pipe-watch.c), and keeps the loop alive while it waits. */
export interface PipeWatch {
  /** Calls the callback once when there are bytes (with `forRoom`: room), or when the other end is closed. */
  wait(forRoom: boolean): void;
  /** Stops waiting. Must be called before the descriptor is closed; may be called more than once. */
  close(): void;
}

const PLATFORM = `${process.platform}-${process.arch}`;
/** The platform whose addon is in the package. */
const PACKED = 'linux-x64';

let loaded: NativeAddon | string | undefined;

/** Loads the addon once per process. @returns the reason as a string if it is missing or does not load */
export function loadAddon(): NativeAddon | string {
  loaded ??= tryToLoad();
  return loaded;
}

function tryToLoad(): NativeAddon | string {
  if ((import.meta.url as string | undefined) === undefined) {
    return 'a bundle without import.meta.url does not say where the addon is';
  }
  try {
    const file = fileURLToPath(addonUrl().href);
    if (!existsSync(file)) return notThere();
    const module = { exports: {} };
    process.dlopen(module, file);
    return module.exports as NativeAddon;
  } catch (error) {
    return `the addon does not load: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}

/**
 * The location of the addon. Bundlers find a file by `new URL` with a literal, so there is one literal for each file in
 * the package, and no more: a bundle fails if a file is missing.
 */
function addonUrl(): URL {
  if (PLATFORM === PACKED) return new URL('./frame-cipher-linux-x64.node', import.meta.url);
  const here = import.meta.url;
  return new URL(`./frame-cipher-${PLATFORM}.node`, here);
}

function notThere(): string {
  if (PLATFORM !== PACKED) return `no addon was built for ${PLATFORM}`;
  return `frame-cipher-${PLATFORM}.node is not beside the code: it was not built, or a bundler left it behind`;
}
