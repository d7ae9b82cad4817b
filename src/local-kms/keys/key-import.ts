import { types } from 'node:util';
import { copyOf } from '../../bytes.js';
import { optionsTypeError, SealpipeError } from '../../errors.js';
import { localKeyArn } from '../../key-arn.js';
import { isWellFormed } from '../../text/well-formed.js';
import { ServiceError } from '../protocol/service-error.js';
import type { KeyDirectory } from './key-directory.js';
import type { ExportedKey } from './key-export.js';
import type { KeyRecord } from './key-record.js';
import { MAX_MATERIALS } from './key-record.js';
import { KEY_ID } from './names.js';
import { MATERIAL_BYTES, materialId } from './secrets/key-material.js';

/** The limit of AWS KMS. */
const LONGEST_DESCRIPTION = 8_192;

/**
 * Imports a key from {@link exportKey} as an enabled key.
 *
 * @throws TypeError if it is not such a key; SealpipeError `ERR_SEALPIPE_EXISTS` if the key already exists,
 * complete or with other secrets
 */
export async function importKey({ keys }: KeyDirectory, given: ExportedKey): Promise<void> {
  const materials = new Map<string, Buffer>();
  try {
    const key = checked(given, materials);
    if (await keys.restore(key, materials)) return;
    throw new SealpipeError('ERR_SEALPIPE_EXISTS', `${localKeyArn(key.keyId)} already exists`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new SealpipeError('ERR_SEALPIPE_EXISTS', error.message, { cause: error });
  } finally {
    for (const material of materials.values()) material.fill(0);
  }
}

/** Checks everything and reads each value once; copies of the secrets go to `materials`. */
function checked(given: unknown, materials: Map<string, Buffer>): KeyRecord {
  const { keyId, keyArn: arn, description, creationDate, keyMaterials } = asObject(given, 'an exported key');
  if (typeof keyId !== 'string' || !KEY_ID.test(keyId)) throw refused('its keyId is malformed');
  if (arn !== localKeyArn(keyId)) throw refused('its keyArn is not that of its keyId');
  if (
    typeof description !== 'string' ||
    description.length > LONGEST_DESCRIPTION ||
    !isWellFormed(description)
  ) {
    throw refused('its description is malformed');
  }
  if (!Array.isArray(keyMaterials) || keyMaterials.length === 0 || keyMaterials.length > MAX_MATERIALS) {
    throw refused(`it must have 1 to ${MAX_MATERIALS} keyMaterials`);
  }
  for (const material of keyMaterials) addMaterial(material, materials);
  if (materials.size !== keyMaterials.length) throw refused('it has a key material twice');
  return {
    keyId,
    creationDate: timeOf(creationDate),
    description,
    state: 'Enabled',
    materials: [...materials.keys()],
  };
}

function addMaterial(given: unknown, materials: Map<string, Buffer>): void {
  const { keyMaterialId, keyMaterial } = asObject(given, 'a key material');
  if (!types.isUint8Array(keyMaterial) || keyMaterial.length !== MATERIAL_BYTES) {
    throw refused(`a key material must have ${MATERIAL_BYTES} bytes`);
  }
  const copy = copyOf(keyMaterial);
  const id = materialId(copy);
  materials.get(id)?.fill(0);
  materials.set(id, copy);
  // Ids are derived from the secret, so a wrongly copied character in either is detected.
  if (keyMaterialId !== id) throw refused('a key material does not fit its keyMaterialId');
}

function timeOf(date: unknown): number {
  const time = types.isDate(date) ? date.getTime() : Number.NaN;
  if (Number.isNaN(time)) throw refused('its creationDate is not a date');
  return time;
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw refused(`${what} must be an object`);
}

function refused(why: string): TypeError {
  return optionsTypeError(`The exported key is malformed: ${why}`);
}
