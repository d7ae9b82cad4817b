import type { RecordCodec } from '../storage/record-file.js';
import { encodeRecord, RecordReader } from '../storage/record-file.js';
import { KEY_ID, KEY_MATERIAL_ID } from './names.js';

/** `Deleted` exists only in this KMS: the key is gone, and its record remains to say so. */
export type KeyState = 'Deleted' | 'Disabled' | 'Enabled' | 'PendingDeletion';

/** One generation of a key. */
export interface KeyRecord {
  readonly keyId: string;
  /** Milliseconds since the epoch, like all times here. */
  readonly creationDate: number;
  readonly description: string;
  readonly state: KeyState;
  /** When a key in the state PendingDeletion is deleted, or one in the state Deleted was. */
  readonly deletionDate?: number;
  /** The ids of all key materials of the key, past and present; the last one encrypts. */
  readonly materials: readonly string[];
}

/** The first one and 25 rotations, the limit of AWS. */
export const MAX_MATERIALS = 26;

const TYPE = 'key';
const STATE = /^(?:Deleted|Disabled|Enabled|PendingDeletion)$/;
const ANY_TEXT = /^/;

export const KEY_RECORD: RecordCodec<KeyRecord> = {
  encode: (record) => encodeRecord(TYPE, { ...record }),
  decode(content, id) {
    const read = new RecordReader(TYPE, content);
    const record: KeyRecord = {
      keyId: read.string('keyId', KEY_ID),
      creationDate: read.time('creationDate'),
      description: read.string('description', ANY_TEXT),
      state: read.string('state', STATE) as KeyState,
      ...(read.has('deletionDate') ? { deletionDate: read.time('deletionDate') } : {}),
      materials: read.strings('materials', KEY_MATERIAL_ID),
    };
    if (record.keyId !== id) throw new Error('its keyId is not the one in its name');
    if (
      (record.state === 'PendingDeletion') !== (record.deletionDate !== undefined) &&
      record.state !== 'Deleted'
    ) {
      throw new Error('its deletionDate does not fit its state');
    }
    return record;
  },
};

/** The id of the key material that encrypts. */
export function currentMaterial({ materials }: Pick<KeyRecord, 'materials'>): string {
  return materials[materials.length - 1]!;
}

/** The record of a key whose material exists. In this order, a kill leaves no key without its material. */
export function newKey(keyId: string, description: string, material: string, time: number): KeyRecord {
  return { keyId, creationDate: time, description, state: 'Enabled', materials: [material] };
}

/** A placeholder record. The id of its only material belongs to no material. */
export function neverMade(keyId: string, time: number): KeyRecord {
  return {
    keyId,
    creationDate: time,
    description: '',
    state: 'Deleted',
    deletionDate: time,
    materials: ['0'.repeat(64)],
  };
}
