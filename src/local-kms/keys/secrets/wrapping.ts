import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { CiphertextBlob } from './ciphertext-blob.js';
import { blobHeader, encodeBlob, TAG_BYTES } from './ciphertext-blob.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const SALT_BYTES = 32;
const INFO = 'sealpipe/local-kms 1 wrap';

/**
 * Encrypts under a key and a nonce that are used for this ciphertext only. Both are derived from the key material and a
 * random salt of 32 bytes, so no number of calls comes near the bound on nonces of AES-GCM.
 *
 * @param contextBytes the encryption context in its canonical encoding
 */
export function wrap(
  material: Uint8Array,
  names: { readonly keyId: string; readonly materialId: string },
  plaintext: Uint8Array,
  contextBytes: Uint8Array,
): Buffer {
  const header = blobHeader(names.keyId, names.materialId, randomBytes(SALT_BYTES));
  const derived = deriveKeyAndNonce(material, header.subarray(-SALT_BYTES));
  try {
    const cipher = createCipheriv(CIPHER, derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES));
    cipher.setAAD(Buffer.concat([header, contextBytes]));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return encodeBlob(header, ciphertext, cipher.getAuthTag());
  } finally {
    derived.fill(0);
  }
}

/** Decrypts what {@link wrap} made; undefined if the material, the context or any byte differs. The caller wipes it. */
export function unwrap(
  material: Uint8Array,
  blob: CiphertextBlob,
  contextBytes: Uint8Array,
): Buffer | undefined {
  const derived = deriveKeyAndNonce(material, blob.salt);
  let plaintext: Buffer | undefined;
  try {
    const decipher = createDecipheriv(CIPHER, derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.concat([blob.header, contextBytes]));
    decipher.setAuthTag(blob.tag);
    plaintext = decipher.update(blob.ciphertext);
    decipher.final();
    return plaintext;
  } catch {
    plaintext?.fill(0);
    return undefined;
  } finally {
    derived.fill(0);
  }
}

function deriveKeyAndNonce(material: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha512', material, salt, INFO, KEY_BYTES + NONCE_BYTES));
}
