import { resolve } from 'node:path';
import { optionsTypeError } from '../errors.js';
import { DirectoryStorage } from './directory-storage.js';
import { Gate } from './gate.js';
import { KeyDirectory } from './key-directory.js';
import type { ExportedKey } from './key-export.js';
import { exportKey } from './key-export.js';
import { MemoryStorage } from './memory-storage.js';
import { REGION } from './names.js';
import type { LocalRequestHandler } from './request-handler.js';
import { createRequestHandler } from './request-handler.js';

/** Options of {@link createLocalKms}. */
export interface LocalKmsOptions {
  /**
   * Where the keys live, made with mode 0700 when first used. Several processes may use it at once. It must be on a
   * file system with hard links, and an existing one must be the user's own and closed to group and world
   * (`chmod 700`). Absent: memory only, and the keys end with the process or with `close()`.
   */
  readonly directory?: string;
}

/** What a KMSClient needs to talk to a local KMS, and to nothing else whatever the environment says. */
export interface LocalClientConfig {
  /** `local`, which no region of AWS is called. */
  readonly region: string;
  /** A host that does not exist: the request handler calls none. */
  readonly endpoint: string;
  /** Stand-ins, so that none of the environment's are looked for. */
  readonly credentials: {
    /** `local`. */
    readonly accessKeyId: string;
    /** `local`: no secret. */
    readonly secretAccessKey: string;
  };
  /** false, whatever the environment says. */
  readonly useFipsEndpoint: boolean;
  /** false, whatever the environment says. */
  readonly useDualstackEndpoint: boolean;
  /** 1: what fails in process fails again. */
  readonly maxAttempts: number;
  /** What answers the requests. */
  readonly requestHandler: LocalRequestHandler;
}

/** A KMS in this process. */
export interface LocalKms extends AsyncDisposable {
  /** Answers the requests of a KMSClient; no socket is opened. */
  readonly requestHandler: LocalRequestHandler;
  /** For `new KMSClient(localKms.clientConfig)`. */
  readonly clientConfig: LocalClientConfig;
  /**
   * All secrets of a key, for a backup that can be read without this library. Whoever has them can open whatever was
   * sealed with the key. Not an operation of AWS KMS, where keys never leave the service.
   *
   * @param name key id, key ARN, alias name or alias ARN; a disabled key is exported, too
   * @returns key materials in memory of the caller's own: wipe them after use
   * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND`, or `ERR_SEALPIPE_KEY_UNAVAILABLE` as the request handler
   */
  exportKey(name: string): Promise<ExportedKey>;
  /**
   * Refuses requests from now on, waits for those under way, and wipes every key held in memory.
   * Closing twice is no error. A directory keeps its keys.
   */
  close(): Promise<void>;
}

/**
 * Makes a KMS that runs in process, for development, tests and keys of one's own machine: the operations of AWS KMS
 * that envelope encryption needs, with AWS's rules and error names, under region `local`.
 *
 * Policies, grants and signatures are not checked: whoever reaches the object, or the directory, may use the keys.
 *
 * @example
 * const localKms = createLocalKms({ directory: '/var/lib/app/kms' });
 * const client = new KMSClient(localKms.clientConfig);
 * const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function createLocalKms(options: LocalKmsOptions = {}): LocalKms {
  const storage = openStorage(options.directory);
  const keyDirectory = new KeyDirectory(storage);
  const gate = new Gate();
  const requestHandler = createRequestHandler(keyDirectory, gate);
  const close = async () => {
    await gate.close();
    keyDirectory.wipe();
    storage.wipe();
  };
  return {
    requestHandler,
    clientConfig: {
      region: REGION,
      endpoint: 'http://local.invalid',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      maxAttempts: 1,
      requestHandler,
    },
    exportKey: (name) => gate.run(() => exportKey(keyDirectory, name)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function openStorage(directory: unknown): DirectoryStorage | MemoryStorage {
  if (directory === undefined) return new MemoryStorage();
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw optionsTypeError('The directory of the local KMS must be a path');
  }
  return new DirectoryStorage(resolve(directory));
}
