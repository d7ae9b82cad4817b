import { aliasNotFound, ServiceError } from '../protocol/service-error.js';
import { now } from '../storage/clock.js';
import type { Survey } from '../storage/generation-log.js';
import { GenerationLog } from '../storage/generation-log.js';
import type { Storage } from '../storage/storage.js';
import type { AliasRecord } from './alias-record.js';
import { ALIAS_RECORD, aliasFileId } from './alias-record.js';
import type { KeyRing } from './key-ring.js';
import { aliasArn } from './names.js';

/** An alias that stands for a key. */
export type Alias = AliasRecord & { readonly targetKeyId: string };

/** The aliases of this KMS. An alias goes with its key: if the key was deleted, the alias is gone. */
export class AliasBook {
  readonly #log: GenerationLog<AliasRecord>;
  readonly #keys: KeyRing;

  constructor(storage: Storage, keys: KeyRing) {
    this.#log = new GenerationLog(storage, 'aliases', ALIAS_RECORD);
    this.#keys = keys;
  }

  async find(aliasName: string): Promise<Alias | undefined> {
    return this.#whileThere(await this.#log.current(aliasFileId(aliasName)));
  }

  /** All aliases, in the order of their names. */
  async all(): Promise<Alias[]> {
    const aliases: Alias[] = [];
    for (const record of await this.#log.all()) {
      const alias = await this.#whileThere(record);
      if (alias !== undefined) aliases.push(alias);
    }
    return aliases.sort((a, b) => (a.aliasName < b.aliasName ? -1 : 1));
  }

  /** All readable records of aliases, including those of deleted keys, and the names of unreadable ones. */
  async survey(): Promise<Survey<AliasRecord>> {
    return this.#log.survey();
  }

  /**
   * @param targetKeyId an existing key, or one that the caller makes next: until then the alias is only promised
   * @throws ServiceError AlreadyExistsException, also if another process created it just before
   */
  async create(aliasName: string, targetKeyId: string): Promise<void> {
    await this.#log.change(aliasFileId(aliasName), async (current) => {
      const promisedTo = current?.targetKeyId;
      if (promisedTo !== undefined && (await this.#keys.settle(promisedTo))) {
        const message = `An alias with the name ${aliasArn(aliasName)} already exists`;
        throw new ServiceError('AlreadyExistsException', message);
      }
      const time = now();
      return { aliasName, targetKeyId, creationDate: time, lastUpdatedDate: time };
    });
  }

  /** Lets an alias stand for another key. */
  async update(aliasName: string, targetKeyId: string): Promise<void> {
    await this.#change(aliasName, (alias) => ({ ...alias, targetKeyId, lastUpdatedDate: now() }));
  }

  async remove(aliasName: string): Promise<void> {
    await this.#change(aliasName, ({ targetKeyId: _, ...alias }) => ({
      ...alias,
      lastUpdatedDate: now(),
    }));
  }

  async #change(aliasName: string, change: (alias: Alias) => AliasRecord): Promise<void> {
    await this.#log.change(aliasFileId(aliasName), async (current) => {
      const alias = await this.#whileThere(current);
      if (alias === undefined) throw aliasNotFound(aliasArn(aliasName));
      return change(alias);
    });
  }

  async #whileThere(record: AliasRecord | undefined): Promise<Alias | undefined> {
    if (record?.targetKeyId === undefined) return undefined;
    const { targetKeyId } = record;
    return (await this.#keys.find(targetKeyId)) === undefined ? undefined : { ...record, targetKeyId };
  }
}
