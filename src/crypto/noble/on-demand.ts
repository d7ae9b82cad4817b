import { createRequire } from 'node:module';
import type { NobleCiphers } from './ciphers.js';

const require = createRequire(import.meta.url);
let loaded: NobleCiphers | undefined;

/**
 * What is used of @noble/ciphers, loaded by the first call, which few programs make: it takes 12 to 16 ms, a third of
 * the time in which the package loads. It is `require` that does so, since an engine is chosen synchronously. Where Node
 * cannot require ECMAScript modules, and in bundles, `static.ts` takes the place of this module (`imports` in
 * package.json).
 */
export function nobleCiphers(): NobleCiphers {
  loaded ??= {
    ...require('@noble/ciphers/aes.js'),
    ...require('@noble/ciphers/chacha.js'),
    ...require('@noble/ciphers/_polyval.js'),
  } as NobleCiphers;
  return loaded;
}
