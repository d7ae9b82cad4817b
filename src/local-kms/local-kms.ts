import { resolve } from 'node:path';
import { optionsTypeError } from '../errors.js';
import { readOptions } from '../options.js';
import type { LocalClientConfig } from './client-config.js';
import { clientConfigOver } from './client-config.js';
import { InFlight } from './in-flight.js';
import type { Inventory } from './keys/inventory.js';
import { takeInventory } from './keys/inventory.js';
import { KeyDirectory } from './keys/key-directory.js';
import type { ExportedKey } from './keys/key-export.js';
import { exportKey } from './keys/key-export.js';
import { importKey } from './keys/key-import.js';
import { purgeKey } from './keys/key-purge.js';
import { createNamedKey, ensureNamedKey } from './keys/named-key.js';
import { ALIAS_NAME, AWS_ALIASES } from './keys/names.js';
import type { LocalRequestHandler } from './request-handler.js';
import { createRequestHandler } from './request-handler.js';
import { DirectoryStorage } from './storage/directory-storage.js';
import { MemoryStorage } from './storage/memory-storage.js';
import type { StorageFiles } from './storage/storage-files.js';

/** Options of {@link createLocalKms}. */
export interface LocalKmsOptions {
  /**
   * The folder of the keys, created with mode 0700 on first use. Several processes may use it at once. It must be on a
   * file system with hard links, and an existing one must be the user's own and closed to group and world
   * (`chmod 700`). Absent: memory only, and the keys end with the process or with `close()`.
   */
  readonly directory?: string | undefined;
  /**
   * An alias, such as `alias/app`, that must name a key: the first call creates one unless it already exists. An
   * existing key is used as it is, even if it is disabled or to be deleted. Of several processes that start at once,
   * one creates the key.
   */
  readonly alias?: string | undefined;
}

/** A KMS in this process. */
export interface LocalKms extends AsyncDisposable {
  /** Handles the requests of a KMSClient without opening a socket. */
  readonly requestHandler: LocalRequestHandler;
  /** For `new KMSClient(localKms.clientConfig)`. */
  readonly clientConfig: LocalClientConfig;
  /**
   * All secrets of a key, for a backup that can be read without this library. Anyone who has them can open everything
   * that was sealed with the key. AWS KMS has no such operation, because its keys never leave the service.
   *
   * @param name key id, key ARN, alias name or alias ARN; a disabled key can also be exported
   * @returns key materials in separate memory: wipe them after use
   * @throws TypeError `ERR_SEALPIPE_OPTIONS` if the name is not a string
   * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND`, or `ERR_SEALPIPE_KEY_UNAVAILABLE` like the request handler
   */
  exportKey(name: string): Promise<ExportedKey>;
  /**
   * Imports a key from {@link LocalKms.exportKey} of this or another KMS: under its own id, enabled, with all its
   * secrets, and without aliases. A secret that is missing here is restored. The caller's bytes are copied and stay as
   * they are: wipe them after use.
   *
   * @throws TypeError `ERR_SEALPIPE_OPTIONS` if it is not such a key: each secret must fit its id
   * @throws SealpipeError `ERR_SEALPIPE_EXISTS` if the key already exists, complete or with other secrets;
   * `ERR_SEALPIPE_KEY_UNAVAILABLE` like the request handler
   */
  importKey(key: ExportedKey): Promise<void>;
  /**
   * Permanently destroys the secrets of a key that was scheduled for deletion (ScheduleKeyDeletion) and whose date has
   * come. Secrets are destroyed only here: until then the key cannot be used, and CancelKeyDeletion restores it, even
   * after its date.
   *
   * @param name key id, key ARN, alias name or alias ARN
   * @throws TypeError `ERR_SEALPIPE_OPTIONS` if the name is not a string
   * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND`; `ERR_SEALPIPE_KEY_UNAVAILABLE` if the key is not scheduled
   * for deletion or its date has not come, or like the request handler
   */
  purge(name: string): Promise<void>;
  /**
   * Refuses new requests, waits for those in progress, and wipes every key held in memory. Closing twice is no error. A
   * directory keeps its keys.
   */
  close(): Promise<void>;
}

/**
 * Creates a KMS that runs in this process, for development, tests and keys of one machine: the operations of AWS KMS
 * that envelope encryption needs, with AWS's rules and error names, under region `local`.
 *
 * Policies, grants and signatures are not checked: anyone who can access the object or the directory may use the keys.
 *
 * @example
 * const localKms = createLocalKms({ directory: '/var/lib/app/kms', alias: 'alias/app' });
 * const keys = kms({ keyId: 'alias/app', clientConfig: localKms.clientConfig });
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function createLocalKms(options: LocalKmsOptions = {}): LocalKms {
  return openLocalKms(options).kms;
}

/** A KMS with the operations that only the command needs. AWS has no such operations. */
export interface OpenLocalKms {
  readonly kms: LocalKms;
  /** Creates a key with an unused alias. @returns its key id; undefined if the alias is taken */
  createNamedKey(aliasName: string, description: string): Promise<string | undefined>;
  /** Every readable key. */
  takeInventory(): Promise<Inventory>;
}

/** Like {@link createLocalKms}, with the operations of the command, and on the file system of `files`. */
export function openLocalKms(options: LocalKmsOptions, files?: StorageFiles): OpenLocalKms {
  const { directory, alias } = checkedOptions(options);
  const storage =
    directory === undefined ? new MemoryStorage() : new DirectoryStorage(resolve(directory), files);
  const keyDirectory = new KeyDirectory(storage);
  const inFlight = new InFlight();
  let ready: Promise<void> | undefined;
  /** Runs work that needs the keys, once the key of the option `alias` exists. */
  const run = <T>(work: () => Promise<T>): Promise<T> =>
    inFlight.run(async () => {
      if (alias !== undefined) {
        ready ??= ensureNamedKey(keyDirectory, alias);
        // The next call tries again after a failure.
        await ready.catch((error: unknown) => {
          ready = undefined;
          throw error;
        });
      }
      return work();
    });
  const requestHandler = createRequestHandler(keyDirectory, run);
  const close = async () => {
    await inFlight.close();
    keyDirectory.wipe();
    storage.wipe();
  };
  return {
    kms: {
      requestHandler,
      clientConfig: clientConfigOver(requestHandler),
      exportKey: (name) => run(() => exportKey(keyDirectory, givenName(name))),
      importKey: (key) => run(() => importKey(keyDirectory, key)),
      purge: (name) => run(() => purgeKey(keyDirectory, givenName(name))),
      close,
      [Symbol.asyncDispose]: close,
    },
    createNamedKey: (aliasName, description) =>
      run(async () => (await createNamedKey(keyDirectory, aliasName, description))?.keyId),
    takeInventory: () => run(() => takeInventory(keyDirectory)),
  };
}

function givenName(name: unknown): string {
  if (typeof name === 'string') return name;
  throw optionsTypeError('A key of the local KMS is named by a string: key id, key ARN, alias or alias ARN');
}

function checkedOptions(options: LocalKmsOptions): LocalKmsOptions {
  const given = readOptions<LocalKmsOptions>('createLocalKms()', options, { directory: true, alias: true });
  const { directory, alias } = given as { readonly directory?: unknown; readonly alias?: unknown };
  if (
    directory !== undefined &&
    (typeof directory !== 'string' || directory === '' || directory.includes('\0'))
  ) {
    throw optionsTypeError('The directory of the embedded KMS must be a path');
  }
  if (
    alias !== undefined &&
    (typeof alias !== 'string' || !ALIAS_NAME.test(alias) || alias.startsWith(AWS_ALIASES))
  ) {
    throw optionsTypeError(
      'The alias of the embedded KMS must be "alias/" and up to 250 letters, digits or :/_- and must not begin with "alias/aws/"',
    );
  }
  return given;
}
