import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { localKeyArn } from '../../key-arn.js';
import {
  foreignCiphertext,
  invalidCiphertext,
  keyNotFound,
  ServiceError,
} from '../protocol/service-error.js';
import { now } from '../storage/clock.js';
import type { Survey } from '../storage/generation-log.js';
import { GenerationLog } from '../storage/generation-log.js';
import type { Storage } from '../storage/storage.js';
import type { KeyRecord } from './key-record.js';
import { currentMaterial, KEY_RECORD, neverMade, newKey } from './key-record.js';
import type { CiphertextBlob } from './secrets/ciphertext-blob.js';
import { KeyMaterials } from './secrets/key-material.js';
import { unwrap, wrap } from './secrets/wrapping.js';

/** How often to look for a key that an alias was promised to: for a second in all. A write takes milliseconds. */
const PATIENCE = 50;
const PAUSE = 20;

/** Changes a key: returns a new record, or the given one to leave it unchanged. Throws to refuse. */
export type KeyChange = (key: KeyRecord) => KeyRecord;

/** The keys of this KMS, and all that is done with their material. */
export class KeyRing {
  readonly #materials: KeyMaterials;
  readonly #log: GenerationLog<KeyRecord>;

  constructor(storage: Storage) {
    this.#materials = new KeyMaterials(storage);
    this.#log = new GenerationLog(storage, 'keys', KEY_RECORD);
  }

  async create(description: string): Promise<KeyRecord> {
    const time = now();
    const key = newKey(randomUUID(), description, await this.#materials.generate(), time);
    return this.#log.change(key.keyId, () => key);
  }

  /** Makes the key that an alias has been promised to; undefined if the promise was taken back. */
  async createPromised(keyId: string, description: string): Promise<KeyRecord | undefined> {
    const time = now();
    const material = await this.#materials.generate();
    const key = newKey(keyId, description, material, time);
    const held = await this.#log.change(keyId, (current) => current ?? key);
    if (held === key) return key;
    // No record names this material or ever will.
    await this.#materials.destroy(material);
    return undefined;
  }

  /**
   * Whether the key that an alias was promised to exists. If its creator does not finish within a second, the
   * promise is taken back, by a record that says that the key was deleted.
   */
  async settle(keyId: string): Promise<boolean> {
    for (let left = PATIENCE; left > 0; left--) {
      const key = await this.#log.current(keyId);
      if (key !== undefined) return key.state !== 'Deleted';
      await setTimeout(PAUSE);
    }
    const held = await this.#log.change(keyId, (current) => current ?? neverMade(keyId, now()));
    return held.state !== 'Deleted';
  }

  /** The current state of the key; undefined if it does not exist or was deleted. */
  async find(keyId: string): Promise<KeyRecord | undefined> {
    return this.#whileThere(await this.#log.current(keyId));
  }

  /** All keys, in the order of their ids. */
  async all(): Promise<KeyRecord[]> {
    return (await this.#log.all()).filter((key) => this.#whileThere(key) !== undefined);
  }

  /** All readable keys, and the names of unreadable ones. */
  async survey(): Promise<Survey<KeyRecord>> {
    const { records, damaged } = await this.#log.survey();
    return { records: records.filter((key) => this.#whileThere(key) !== undefined), damaged };
  }

  /** Changes a key atomically, also with respect to other processes. */
  async change(keyId: string, change: KeyChange): Promise<KeyRecord> {
    return this.#log.change(keyId, (current) => {
      const key = this.#whileThere(current);
      if (key === undefined) throw keyNotFound(localKeyArn(keyId));
      return change(key);
    });
  }

  /**
   * Gives a key a new material that encrypts from now on; `check` throws to refuse.
   *
   * If another process makes `check` refuse at the last moment, the new material stays behind, unused: it could
   * be removed only if it were certain that no record names it.
   */
  async rotate(keyId: string, check: (key: KeyRecord) => void): Promise<KeyRecord> {
    await this.change(keyId, (key) => {
      check(key);
      return key;
    });
    const material = await this.#materials.generate();
    return this.change(keyId, (key) => {
      check(key);
      return { ...key, materials: [...key.materials, material] };
    });
  }

  /** Encrypts under the key's current material. */
  async encrypt(key: KeyRecord, plaintext: Uint8Array, contextBytes: Uint8Array): Promise<Buffer> {
    const materialId = currentMaterial(key);
    return this.#materials.use(materialId, (material) =>
      wrap(material, { keyId: key.keyId, materialId }, plaintext, contextBytes),
    );
  }

  /**
   * Decrypts into memory that the caller wipes.
   *
   * @throws ServiceError InvalidCiphertextException, whatever the reason; AccessDeniedException if the ciphertext is
   * whole and names a material that does not exist here: the data are not damaged if only the copy of the keys is older
   */
  async decrypt(key: KeyRecord, blob: CiphertextBlob, contextBytes: Uint8Array): Promise<Buffer> {
    if (!key.materials.includes(blob.materialId)) throw foreignCiphertext();
    const plaintext = await this.#materials.use(blob.materialId, (material) =>
      unwrap(material, blob, contextBytes),
    );
    if (plaintext === undefined) throw invalidCiphertext();
    return plaintext;
  }

  /** A copy of one of a key's materials, for the caller to keep safe or wipe. */
  async copyMaterial(materialId: string): Promise<Buffer> {
    return this.#materials.use(materialId, (material) => Buffer.from(Uint8Array.from(material).buffer));
  }

  /**
   * Destroys the materials of a key permanently: the only way to do so. The record is changed first, so that a later
   * cancellation is refused. If the process is killed in between, the next call destroys the rest.
   *
   * @param check throws to refuse
   */
  async purge(keyId: string, check: (key: KeyRecord) => void): Promise<void> {
    const key = await this.#log.change(keyId, (current) => {
      if (current === undefined) throw keyNotFound(localKeyArn(keyId));
      if (current.state === 'Deleted') return current;
      check(current);
      return { ...current, state: 'Deleted', deletionDate: now() };
    });
    for (const material of key.materials) await this.#materials.destroy(material);
  }

  /**
   * Imports a key, with its materials by their ids.
   *
   * @returns false if the same key already exists and is complete
   * @throws ServiceError AlreadyExistsException if it exists with other materials
   */
  async restore(key: KeyRecord, materials: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
    orRestored(await this.#log.current(key.keyId), key);
    const before = await this.#restoreMaterials(materials);
    const held = await this.#log.change(key.keyId, (current) => orRestored(current, key));
    // Checked once more: a purge of an earlier key with this id may have been in progress.
    const after = await this.#restoreMaterials(materials);
    // A file that already existed may be damaged: then this throws an error that names it.
    for (const id of materials.keys()) await this.#materials.use(id, () => undefined);
    return before || after || held === key;
  }

  wipe(): void {
    this.#materials.wipe();
  }

  async #restoreMaterials(materials: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
    let isNew = false;
    for (const [id, material] of materials) isNew = (await this.#materials.restore(id, material)) || isNew;
    return isNew;
  }

  /** Drops the materials of a deleted key from memory, even if another process deleted it. */
  #whileThere(key: KeyRecord | undefined): KeyRecord | undefined {
    if (key?.state !== 'Deleted') return key;
    for (const material of key.materials) this.#materials.forget(material);
    return undefined;
  }
}

/** The state after an import. */
function orRestored(current: KeyRecord | undefined, key: KeyRecord): KeyRecord {
  if (current === undefined || current.state === 'Deleted') return key;
  const { keyId, materials } = current;
  const isSame =
    materials.length === key.materials.length && materials.every((id, i) => id === key.materials[i]);
  if (isSame) return current;
  throw new ServiceError(
    'AlreadyExistsException',
    `${localKeyArn(keyId)} already exists, with other key materials`,
  );
}
