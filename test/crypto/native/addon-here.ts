import type { CipherGCMTypes } from 'node:crypto';
import { createCipheriv } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { beforeEach } from 'vitest';
import type { FrameCipher, PiecewiseCipher } from '../../../src/crypto/aead.js';
import type { NativeAddon } from '../../../src/crypto/native/addon.js';
import { loadAddon } from '../../../src/crypto/native/addon.js';
import type { SuiteName } from '../../../src/suites.js';
import { SUITES } from '../../../src/suites.js';
import { onlyWhere, prerequisite } from '../../support/prerequisite.js';

/** The suites that the addon serves. */
export const NATIVE_SUITES = [
  'AES-256-GCM',
  'AES-128-GCM',
  'CHACHA20-POLY1305',
] as const satisfies SuiteName[];

/** Where the build puts the addon for the sources. */
export const ADDON_PATH = fileURLToPath(
  new URL(
    `../../../src/crypto/native/frame-cipher-${process.platform}-${process.arch}.node`,
    import.meta.url,
  ),
);

/** A cipher as the addon makes it: with all that is optional elsewhere. */
export type NativeCipher = PiecewiseCipher &
  Required<Pick<FrameCipher, 'seal' | 'open' | 'sealFrames' | 'openFrames' | 'wipe'>>;

/** Skips every test of the file, or fails it in CI, where this Linux has no addon. */
export function needsAddon(): void {
  beforeEach((context: TestContext) => {
    onlyWhere(context, process.platform === 'linux', `the addon is built on Linux, not ${process.platform}`);
    const addon = loadAddon();
    prerequisite(context, typeof addon !== 'string', `the native addon (${String(addon)})`);
  });
}

/** The class of the addon. */
export function frameCipherClass(): NativeAddon['FrameCipher'] {
  const addon = loadAddon();
  if (typeof addon === 'string') throw new Error(addon);
  return addon.FrameCipher;
}

/** Bytes that differ by place and seed. */
export function someBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = i * 31 + (i >>> 8) + seed;
  return bytes;
}

/** A cipher of the addon, under a key and a nonce that {@link sealedByNode} takes too. */
export function nativeCipher(suite: SuiteName = 'AES-256-GCM'): NativeCipher {
  const { keySize, nonceSize } = SUITES[suite];
  return new (frameCipherClass())(suite, someBytes(keySize, 7), someBytes(nonceSize, 200));
}

/** Ciphertext and tag of one frame by node:crypto. */
export function sealedByNode(
  suite: SuiteName,
  index: number,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Buffer {
  const { keySize, nonceSize } = SUITES[suite];
  const nonce = someBytes(nonceSize, 200);
  nonce.writeUInt32BE((nonce.readUInt32BE(nonceSize - 4) ^ index) >>> 0, nonceSize - 4);
  const name = suite.toLowerCase() as CipherGCMTypes;
  const cipher = createCipheriv(name, someBytes(keySize, 7), nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Frames of `size` bytes of plaintext in a row, from `first` on, by node:crypto. */
export function framesByNode(
  suite: SuiteName,
  first: number,
  aad: Uint8Array,
  size: number,
  plaintext: Uint8Array,
): Buffer {
  return Buffer.concat(
    Array.from({ length: plaintext.length / size }, (_, i) =>
      sealedByNode(suite, first + i, aad, plaintext.subarray(i * size, (i + 1) * size)),
    ),
  );
}
