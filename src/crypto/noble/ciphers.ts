/** The parts of @noble/ciphers that are used. */
export interface NobleCiphers {
  readonly gcm: typeof import('@noble/ciphers/aes.js').gcm;
  readonly gcmsiv: typeof import('@noble/ciphers/aes.js').gcmsiv;
  readonly chacha20poly1305: typeof import('@noble/ciphers/chacha.js').chacha20poly1305;
  readonly ghash: typeof import('@noble/ciphers/_polyval.js').ghash;
}
