import { randomUUID } from 'node:crypto';
import type { CiphertextBlob } from './ciphertext-blob.js';
import { GenerationLog } from './generation-log.js';
import { KeyMaterials } from './key-material.js';
import type { KeyRecord } from './key-record.js';
import { currentMaterial, KEY_RECORD } from './key-record.js';
import { keyArn } from './names.js';
import { foreignCiphertext, invalidCiphertext, keyNotFound } from './service-error.js';
import type { Storage } from './storage.js';
import { unwrap, wrap } from './wrapping.js';

/** A change of a key: the record it returns, or the one it was given. Throws to refuse. */
export type KeyChange = (key: KeyRecord) => KeyRecord;

/** The keys of this KMS, and all that is done with their material. */
export class KeyRing {
  readonly #materials: KeyMaterials;
  readonly #log: GenerationLog<KeyRecord>;
  readonly #destroyed = new Set<string>();

  constructor(storage: Storage) {
    this.#materials = new KeyMaterials(storage);
    this.#log = new GenerationLog(storage, 'keys', KEY_RECORD);
  }

  async create(description: string): Promise<KeyRecord> {
    // The material first: killed in between, this leaves a material that no key names, and never the reverse.
    const material = await this.#materials.generate();
    const key: KeyRecord = {
      keyId: randomUUID(),
      creationDate: Date.now(),
      description,
      state: 'Enabled',
      materials: [material],
    };
    return this.#log.change(key.keyId, () => key);
  }

  /** The key as of now; undefined where there is none, or none any more. */
  async find(keyId: string): Promise<KeyRecord | undefined> {
    return this.#whileThere(await this.#log.current(keyId));
  }

  /** All keys, in the order of their ids. */
  async all(): Promise<KeyRecord[]> {
    const keys: KeyRecord[] = [];
    for (const record of await this.#log.all()) {
      const key = await this.#whileThere(record);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  /** Changes a key in one step, against all other processes. */
  async change(keyId: string, change: KeyChange): Promise<KeyRecord> {
    return this.#log.change(keyId, async (current) => {
      const key = await this.#whileThere(current);
      if (key === undefined) throw keyNotFound(keyArn(keyId));
      return change(key);
    });
  }

  /**
   * Gives a key a new material that encrypts from now on; `check` throws to refuse.
   *
   * Where another process makes `check` refuse at the last moment, the new material stays behind, unused: to remove it
   * would take certainty that no record names it.
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
   * Decrypts to memory that the caller wipes.
   *
   * @throws ServiceError InvalidCiphertextException, whatever the reason; AccessDeniedException where the ciphertext
   * is whole and names a material that is not here: an older copy of the keys is no damage to the data
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

  wipe(): void {
    this.#materials.wipe();
  }

  /** Carries out a deletion whose day has come: its record first, so that a cancellation comes before it or never. */
  async #whileThere(record: KeyRecord | undefined): Promise<KeyRecord | undefined> {
    if (record === undefined) return undefined;
    if (record.state !== 'Deleted' && !isOverdue(record)) return record;
    const held = await this.#log.change(record.keyId, (current = record) =>
      isOverdue(current) ? { ...current, state: 'Deleted' } : current,
    );
    if (held.state !== 'Deleted') return held;
    await this.#destroyMaterials(held);
    return undefined;
  }

  /** Once per process, also for a key that is deleted already: who deleted it may have been killed before this. */
  async #destroyMaterials(key: KeyRecord): Promise<void> {
    if (this.#destroyed.has(key.keyId)) return;
    for (const material of key.materials) await this.#materials.destroy(material);
    this.#destroyed.add(key.keyId);
  }
}

function isOverdue(key: KeyRecord): boolean {
  return key.state === 'PendingDeletion' && key.deletionDate !== undefined && key.deletionDate <= Date.now();
}
