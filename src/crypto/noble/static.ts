import { ghash } from '@noble/ciphers/_polyval.js';
import { gcm, gcmsiv } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { NobleCiphers } from './ciphers.js';

/** Exports the same as `on-demand.ts`, loaded together with this module, for bundles. */
export function nobleCiphers(): NobleCiphers {
  return { gcm, gcmsiv, chacha20poly1305, ghash };
}
