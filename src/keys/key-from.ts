import { optionsTypeError } from '../errors.js';
import type { OptionNames } from '../options.js';
import { readOptions } from '../options.js';
import { localKmsFolder } from './home.js';
import { keyFromFile } from './key-file.js';
import type { KmsCallOptions } from './kms/options.js';
import { openLocalKey } from './local-key.js';
import type { KeyProvider } from './provider.js';
import { parseKeyReference } from './reference.js';

/** Options of {@link keyFrom}. */
export interface KeyFromOptions extends KmsCallOptions {
  /**
   * The folder whose `kms` holds the keys of `local:`. Default: `SEALPIPE_HOME`, or the user's folder for application
   * data.
   */
  readonly home?: string | undefined;
}

/** The result of {@link keyFrom}: a key provider that may hold connections and keys. */
export interface NamedKeyProvider extends KeyProvider, AsyncDisposable {
  /** Closes connections, and wipes the keys of the embedded KMS. Closing twice is no error. */
  close(): Promise<void>;
}

const NAMES: OptionNames<KeyFromOptions> = {
  home: true,
  grantTokens: true,
  timeout: true,
  waitForNewKey: true,
};

/**
 * The key that a text names, in the form of the command's option `--key`: a key id, ARN or alias of AWS KMS,
 * `local:alias/NAME` for a key of this machine's user, or `file:PATH` for a 32-byte key in a file that belongs to the
 * user. Code of AWS is loaded only for a key of a KMS, and AWS KMS is not called before the first stream.
 *
 * @throws (rejects) TypeError or RangeError `ERR_SEALPIPE_OPTIONS` for a text that names no key, and for options that
 * are not legal
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND` if the file or the local key does not exist,
 * `ERR_SEALPIPE_KEY_DENIED` if the file cannot be read or others can access it, `ERR_SEALPIPE_KEY_UNAVAILABLE` if it
 * holds no key or the local key is disabled
 * @example
 * await using keys = await keyFrom(process.env.BACKUP_KEY ?? 'file:/etc/backup.key');
 * const seal = createEncryptStream({ keys });
 */
export async function keyFrom(text: string, options: KeyFromOptions = {}): Promise<NamedKeyProvider> {
  const reference = parseKeyReference(text);
  const { home, ...calls } = readOptions<KeyFromOptions>('keyFrom()', options, NAMES);
  if (home !== undefined && (typeof home !== 'string' || home === '')) {
    throw optionsTypeError('keyFrom: `home` must be the path of a folder');
  }
  if (reference.kind === 'file') {
    if (Object.keys(calls).length > 0) await checkCalls(calls);
    return closable(await keyFromFile(reference.path), async () => undefined);
  }
  if (reference.kind === 'local') {
    const { provider, close } = await openLocalKey(reference.keyId, localKmsFolder(process.env, home), calls);
    return closable(provider, close);
  }
  const { kms } = await import('./kms/index.js');
  const provider = kms({ keyId: reference.keyId, ...calls });
  const closeClients = provider.close.bind(provider);
  return closable(provider, async () => closeClients());
}

/** Checks the options even if no KMS is called: the next text may name a key of a KMS. */
async function checkCalls(calls: KmsCallOptions): Promise<void> {
  const { kms } = await import('./kms/index.js');
  kms({ keyId: 'alias/any', ...calls });
}

/** Adds `close` to the provider itself, so that re-wrapping recognises providers of the same kind. */
function closable(provider: KeyProvider, close: () => Promise<void>): NamedKeyProvider {
  return Object.assign(provider, { close, [Symbol.asyncDispose]: close });
}
