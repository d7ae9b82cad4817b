import { wipe } from '../../bytes.js';
import { SealpipeError } from '../../errors.js';
import { localKeyArn } from '../../key-arn.js';
import { ServiceError } from '../protocol/service-error.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';

/** A key with its secrets. */
export interface ExportedKey {
  /** The key's id, a UUID. */
  readonly keyId: string;
  /** The key's ARN, of region `local`. */
  readonly keyArn: string;
  /** The description that was given when the key was created; may be empty. */
  readonly description: string;
  /** When it was made. */
  readonly creationDate: Date;
  /** In the order of rotation: the last one encrypts, and each decrypts what it encrypted. */
  readonly keyMaterials: readonly ExportedKeyMaterial[];
}

/** One of the secrets of a key. */
export interface ExportedKeyMaterial {
  /** 64 lower-case hexadecimal digits, as in the responses of KMS. */
  readonly keyMaterialId: string;
  /** 32 secret bytes. */
  readonly keyMaterial: Buffer;
}

export async function exportKey(directory: KeyDirectory, name: string): Promise<ExportedKey> {
  const key = await findKey(directory, name);
  const keyMaterials: ExportedKeyMaterial[] = [];
  try {
    for (const keyMaterialId of key.materials) {
      keyMaterials.push({ keyMaterialId, keyMaterial: await directory.keys.copyMaterial(keyMaterialId) });
    }
  } catch (error) {
    wipe(...keyMaterials.map(({ keyMaterial }) => keyMaterial));
    throw error;
  }
  return {
    keyId: key.keyId,
    keyArn: localKeyArn(key.keyId),
    description: key.description,
    creationDate: new Date(key.creationDate),
    keyMaterials,
  };
}

async function findKey(directory: KeyDirectory, name: string): Promise<KeyRecord> {
  try {
    return await directory.byName(name);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new SealpipeError('ERR_SEALPIPE_KEY_NOT_FOUND', error.message, { cause: error });
  }
}
