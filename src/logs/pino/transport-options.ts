import { optionsTypeError } from '../../errors.js';
import type { NamedKeyProvider } from '../../keys/key-from.js';
import { keyFrom } from '../../keys/key-from.js';
import type { OptionNames } from '../../options.js';
import { readOptions } from '../../options.js';
import type { LogWriterOptions } from '../writer/options/log-options.js';
import { LOG_WRITER_OPTIONS } from '../writer/options/log-options.js';

/** Options of the transport: those of a log writer, as plain data that can be sent to another thread. */
export interface PinoTransportOptions
  extends Omit<LogWriterOptions, 'keys' | 'directory' | 'encryptionContext' | 'signal' | 'client' | 'drain'> {
  /** The folder of the archive, created if its parent folder exists. */
  readonly directory: string;
  /**
   * One or more key names in the forms that `keyFrom` of `sealpipe/keys` accepts: an ARN, `alias/NAME` or key id of AWS
   * KMS, `local:alias/NAME` or `file:PATH`.
   */
  readonly key: string | readonly string[];
  /** The encryption context: bound to every segment, and readable in it. Default: `{}`. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

const { keys, encryptionContext, signal, client, drain, ...SHARED } = LOG_WRITER_OPTIONS;
const NAMES: OptionNames<PinoTransportOptions> = { ...SHARED, key: true, context: true };

/** Options that pino and thread-stream add. */
const NOT_OURS = ['$context', 'pinoWillSendConfig', 'levels', 'dedupe'];

/**
 * Reads the options from pino.
 *
 * @returns the names of the keys, and the options for the writer
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function transportOptions(given: unknown): {
  readonly names: readonly string[];
  readonly writing: Omit<LogWriterOptions, 'keys'>;
} {
  const { key, context, ...rest } = readOptions<PinoTransportOptions>('sealpipe/pino', ownOnes(given), NAMES);
  const names = typeof key === 'string' ? [key] : key;
  if (!Array.isArray(names) || names.length === 0) {
    throw optionsTypeError('`key` must be the name of a key, or a list of names');
  }
  // pino gives a transport ten seconds to end. Segments not stored by then are stored after the next start.
  const drain = rest.store === undefined ? undefined : 0;
  return { names, writing: { ...rest, drain, encryptionContext: context } };
}

/** Opens the keys with these names. @throws (rejects) like `keyFrom`, after closing all of them */
export async function openKeys(names: readonly string[]): Promise<NamedKeyProvider[]> {
  const keys: NamedKeyProvider[] = [];
  try {
    for (const name of names) keys.push(await keyFrom(name));
  } catch (error) {
    await closeKeys(keys);
    throw error;
  }
  return keys;
}

/** Closes keys. Never rejects. */
export async function closeKeys(keys: readonly NamedKeyProvider[]): Promise<void> {
  for (const key of keys) await key.close().catch(() => undefined);
}

function ownOnes(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_OURS.includes(name)));
}
