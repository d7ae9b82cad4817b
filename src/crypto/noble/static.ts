import { ghash } from '@noble/ciphers/_polyval.js';
import { gcm, gcmsiv } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { NobleCiphers } from './ciphers.js';

/** What is used of @noble/ciphers, loaded with this module: what `on-demand.ts` exports, for bundles. */
export function nobleCiphers(): NobleCiphers {
  return { gcm, gcmsiv, chacha20poly1305, ghash };
}
