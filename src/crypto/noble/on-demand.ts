import { createRequire } from 'node:module';
import type { NobleCiphers } from './ciphers.js';

const require = createRequire(import.meta.url);
let loaded: NobleCiphers | undefined;

/**
 * The parts of @noble/ciphers that are used, loaded by the first call. Few programs make one, and loading takes 12 to
 * 16 ms, a third of the time that the package takes to load. It uses `require`, because an engine is chosen
 * synchronously. If Node cannot require ECMAScript modules, and in bundles, `static.ts` replaces this module (`imports`
 * in package.json).
 */
export function nobleCiphers(): NobleCiphers {
  loaded ??= {
    ...require('@noble/ciphers/aes.js'),
    ...require('@noble/ciphers/chacha.js'),
    ...require('@noble/ciphers/_polyval.js'),
  } as NobleCiphers;
  return loaded;
}
