import { localKeyArn } from '../../key-arn.js';
import { aliasNotFound, invalidState, keyNotFound, ServiceError } from '../protocol/service-error.js';
import type { Storage } from '../storage/storage.js';
import { AliasBook } from './alias-book.js';
import type { KeyRecord } from './key-record.js';
import { KeyRing } from './key-ring.js';
import { aliasArn, parseKeyName } from './names.js';

/** Keys and aliases, and the lookup of a request's `KeyId`. */
export class KeyDirectory {
  readonly keys: KeyRing;
  readonly aliases: AliasBook;

  constructor(storage: Storage) {
    this.keys = new KeyRing(storage);
    this.aliases = new AliasBook(storage, this.keys);
  }

  /**
   * Finds a key by any of the four forms that cryptographic operations and DescribeKey accept.
   *
   * @throws ServiceError NotFoundException, InvalidArnException
   */
  async byName(name: string): Promise<KeyRecord> {
    const parsed = parseKeyName(name);
    if ('keyId' in parsed) return this.#byId(parsed.keyId);
    const alias = await this.aliases.find(parsed.aliasName);
    if (alias === undefined) throw aliasNotFound(aliasArn(parsed.aliasName));
    return this.#byId(alias.targetKeyId);
  }

  /** Finds a key by key id or key ARN. An alias is refused, like in the key management of AWS. */
  async byId(name: string): Promise<KeyRecord> {
    const parsed = parseKeyName(name);
    if ('keyId' in parsed) return this.#byId(parsed.keyId);
    if (name.startsWith('arn:')) throw new ServiceError('InvalidArnException', `Invalid arn ${name}`);
    throw new ServiceError('NotFoundException', `Invalid keyId '${name}'`);
  }

  /** Overwrites the key material held in memory. */
  wipe(): void {
    this.keys.wipe();
  }

  async #byId(keyId: string): Promise<KeyRecord> {
    const key = await this.keys.find(keyId);
    if (key === undefined) throw keyNotFound(localKeyArn(keyId));
    return key;
  }
}

/** @throws ServiceError DisabledException or KMSInvalidStateException, if a key cannot be used or rotated */
export function requireEnabled(key: KeyRecord): void {
  requireNotPendingDeletion(key);
  if (key.state !== 'Enabled')
    throw new ServiceError('DisabledException', `${localKeyArn(key.keyId)} is disabled.`);
}

/** @throws ServiceError KMSInvalidStateException */
export function requireNotPendingDeletion(key: KeyRecord): void {
  if (key.state === 'PendingDeletion') throw invalidState(localKeyArn(key.keyId), 'pending deletion');
}
