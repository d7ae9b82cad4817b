import { createHmac, randomBytes } from 'node:crypto';
import { copyOf } from '../../../bytes.js';
import type { Storage } from '../../storage/storage.js';
import { storageError } from '../../storage/storage.js';

const FOLDER = 'materials';
const RESTORE = 'Restore it from a backup';
const MAGIC = Buffer.from('sealpipe local-kms material 1\n');
/** The size of a key material. */
export const MATERIAL_BYTES = 32;

/**
 * The secrets: 256-bit keys that never change, each in a file `<key material id>.key` of a magic line and 32 bytes.
 *
 * The id is HMAC-SHA-256(key material, label). It detects damage when a file is read, commits every ciphertext that
 * names it to one key, and says nothing about 256 random bits.
 */
export class KeyMaterials {
  readonly #storage: Storage;
  readonly #held = new Map<string, Buffer>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Creates a key material and its file, durably, and returns its id. */
  async generate(): Promise<string> {
    const material = randomBytes(MATERIAL_BYTES);
    const id = materialId(material);
    const content = Buffer.concat([MAGIC, material]);
    try {
      await this.#storage.create(FOLDER, fileName(id), content);
    } finally {
      content.fill(0);
      material.fill(0);
    }
    return id;
  }

  /**
   * Passes a key material to `act`, which must not use it after it has returned.
   *
   * @throws SealpipeError if its file is missing or damaged
   */
  async use<T>(id: string, act: (material: Buffer) => T): Promise<T> {
    if (!this.#held.has(id)) await this.#load(id);
    // From here to the end of `act` nothing else runs, so the material cannot be wiped while `act` uses it.
    const material = this.#held.get(id);
    if (material === undefined) throw storageError(`The key material ${id} was destroyed`);
    return act(material);
  }

  /**
   * Durably creates the file of an imported key material unless it already exists.
   *
   * @returns whether it was created
   */
  async restore(id: string, material: Uint8Array): Promise<boolean> {
    const content = Buffer.concat([MAGIC, material]);
    try {
      return await this.#storage.create(FOLDER, fileName(id), content);
    } finally {
      content.fill(0);
    }
  }

  /** Destroys a key material permanently. It is no error if none exists. */
  async destroy(id: string): Promise<void> {
    this.forget(id);
    await this.#storage.remove(FOLDER, fileName(id));
  }

  /** Wipes a key material in memory. */
  forget(id: string): void {
    this.#held.get(id)?.fill(0);
    this.#held.delete(id);
  }

  /** Overwrites all that is held in memory. */
  wipe(): void {
    for (const id of this.#held.keys()) this.forget(id);
  }

  async #load(id: string): Promise<void> {
    const path = this.#storage.locate(FOLDER, fileName(id));
    const content = await this.#storage.read(FOLDER, fileName(id));
    if (content === undefined)
      throw storageError(`The key material ${path} is missing from the embedded KMS`, { hint: RESTORE });
    try {
      const material = content.subarray(MAGIC.length);
      const whole = content.subarray(0, MAGIC.length).equals(MAGIC) && material.length === MATERIAL_BYTES;
      if (!whole || materialId(material) !== id) {
        throw storageError(`${path} is not a key material of the embedded KMS, or is damaged`, {
          hint: RESTORE,
        });
      }
      this.forget(id);
      this.#held.set(id, copyOf(material));
    } finally {
      content.fill(0);
    }
  }
}

/** The id of a key material. */
export function materialId(material: Uint8Array): string {
  return createHmac('sha256', material).update('sealpipe/local-kms 1 key material id').digest('hex');
}

function fileName(id: string): string {
  return `${id}.key`;
}
