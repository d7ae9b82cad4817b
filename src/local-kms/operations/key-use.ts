import type { KeyDirectory } from '../keys/key-directory.js';
import { requireEnabled } from '../keys/key-directory.js';
import type { KeyRecord } from '../keys/key-record.js';
import { decodeBlob } from '../keys/secrets/ciphertext-blob.js';
import {
  foreignCiphertext,
  incorrectKey,
  invalidCiphertext,
  ServiceError,
} from '../protocol/service-error.js';

/** The one algorithm of symmetric keys, by AWS's name. */
export const SYMMETRIC_DEFAULT = 'SYMMETRIC_DEFAULT';

/** The ciphertext of a request, and what the request says about it. */
export interface Source {
  readonly ciphertext: Buffer;
  readonly keyName: string | undefined;
  readonly algorithm: string | undefined;
}

/** The key and the material that decrypted it. */
export interface Opened {
  readonly key: KeyRecord;
  readonly materialId: string;
}

/** Decrypts and passes the plaintext to `act`, wiping it afterwards. Name, key and state are checked first. */
export async function withPlaintext<T>(
  directory: KeyDirectory,
  { ciphertext, keyName, algorithm }: Source,
  context: Uint8Array,
  act: (plaintext: Buffer, opened: Opened) => Promise<T>,
): Promise<T> {
  const named = keyName === undefined ? undefined : await directory.byName(keyName);
  const blob = decodeBlob(ciphertext);
  if (blob === undefined) throw invalidCiphertext();
  if (named !== undefined && named.keyId !== blob.keyId) throw incorrectKey();
  const key = named ?? (await directory.keys.find(blob.keyId));
  if (key === undefined) throw foreignCiphertext();
  requireEnabled(key);
  requireSymmetric(algorithm);
  const plaintext = await directory.keys.decrypt(key, blob, context);
  try {
    return await act(plaintext, { key, materialId: blob.materialId });
  } finally {
    plaintext.fill(0);
  }
}

/** Finds a key by name if it can be used now. */
export async function usableKey(
  directory: KeyDirectory,
  name: string,
  algorithm: string | undefined,
): Promise<KeyRecord> {
  const key = await directory.byName(name);
  requireEnabled(key);
  requireSymmetric(algorithm);
  return key;
}

function requireSymmetric(algorithm: string = SYMMETRIC_DEFAULT): void {
  if (algorithm === SYMMETRIC_DEFAULT) return;
  const message = `Algorithm ${algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`;
  throw new ServiceError('InvalidKeyUsageException', message);
}
