import { createRequire } from 'node:module';
import type { SuiteName } from '../../suites.js';
import type { FrameCipher, PiecewiseCipher } from '../aead.js';

/** What the addon gives (addon.c). */
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
}

let loaded: NativeAddon | string | undefined;

/** Loads the addon, once in a process. @returns why not, if it is missing or does not load */
export function loadAddon(): NativeAddon | string {
  loaded ??= tryToLoad(`./frame-cipher-${process.platform}-${process.arch}.node`);
  return loaded;
}

function tryToLoad(file: string): NativeAddon | string {
  try {
    return createRequire(import.meta.url)(file) as NativeAddon;
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'MODULE_NOT_FOUND';
    if (missing) return `no addon was built for ${process.platform}-${process.arch}`;
    return `the addon does not load: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}
