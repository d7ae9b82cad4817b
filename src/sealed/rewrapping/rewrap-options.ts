import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { CanonicalContext } from '../../format/encryption-context.js';
import { canonicalContext } from '../../format/encryption-context.js';
import type { ReaderLimits } from '../../format/preamble.js';
import type { Recipient } from '../../format/stream-header.js';
import type { KeyProvider } from '../../keys/provider.js';
import { isKeyProvider } from '../../keys/provider.js';
import { MAX_RECIPIENTS } from '../../limits.js';
import type { OptionNames } from '../../options.js';
import { assertSignal, booleanOption, readOptions } from '../../options.js';
import type { LimitOptions } from '../../session/decrypt-options.js';
import { LIMIT_OPTIONS, readerLimits } from '../../session/decrypt-options.js';

/** A recipient, named like in the output of `inspect`. */
export type RecipientName = Pick<Recipient, 'provider' | 'key'>;

/** Options of `rewrap`: at least one of `to`, `add` and `remove`. */
export interface RewrapOptions {
  /** Opens the stream: one or more key providers. */
  readonly keys: KeyProvider | readonly KeyProvider[];
  /** Replaces the recipient that `keys` opened: one or more key providers. */
  readonly to?: KeyProvider | readonly KeyProvider[] | undefined;
  /** Additional recipients. */
  readonly add?: KeyProvider | readonly KeyProvider[] | undefined;
  /** Recipients to remove, by provider and key. The last recipient cannot be removed. */
  readonly remove?: RecipientName | readonly RecipientName[] | undefined;
  /** Unwraps the data key and checks it against the stream's commitment even if the change does not require that. */
  readonly check?: boolean | undefined;
  /** Refuses changes that need the data key outside KMS. */
  readonly neverUnwrap?: boolean | undefined;
  /** Required pairs of the encryption context; the whole context if the stream withholds it. */
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** Allows a copy to replace a file that has other names (hard links). The other names keep the old file. */
  readonly breakLinks?: boolean | undefined;
  /** Changes nothing and calls no key; reports what would be done. */
  readonly dryRun?: boolean | undefined;
  /** After an abort the file is unchanged, unless its head was just being written. */
  readonly signal?: AbortSignal | undefined;
  /** Limits for the stream that is read. */
  readonly limits?: LimitOptions | undefined;
}

/** The checked options. */
export interface RewrapSettings {
  readonly keys: readonly KeyProvider[];
  readonly to: readonly KeyProvider[];
  readonly add: readonly KeyProvider[];
  readonly remove: readonly RecipientName[];
  readonly check: boolean;
  readonly neverUnwrap: boolean;
  readonly context: CanonicalContext | undefined;
  readonly breakLinks: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
  readonly limits: ReaderLimits;
}

const NAMES: OptionNames<RewrapOptions> = {
  keys: true,
  to: true,
  add: true,
  remove: true,
  check: true,
  neverUnwrap: true,
  encryptionContext: true,
  breakLinks: true,
  dryRun: true,
  signal: true,
  limits: true,
};

/**
 * Checks the options of a re-wrap.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`
 */
export function rewrapSettings(given: RewrapOptions): RewrapSettings {
  const options = readOptions<RewrapOptions>('rewrap', given, NAMES);
  const { encryptionContext, signal, limits } = options;
  const settings: RewrapSettings = {
    keys: providers('keys', options.keys),
    to: providers('to', options.to ?? []),
    add: providers('add', options.add ?? []),
    remove: names(options.remove ?? []),
    check: booleanOption('check', options.check),
    neverUnwrap: booleanOption('neverUnwrap', options.neverUnwrap),
    context: encryptionContext === undefined ? undefined : canonicalContext(encryptionContext),
    breakLinks: booleanOption('breakLinks', options.breakLinks),
    dryRun: booleanOption('dryRun', options.dryRun),
    signal,
    limits: readerLimits(readOptions<LimitOptions>('`limits`', limits ?? {}, LIMIT_OPTIONS)),
  };
  if (settings.keys.length === 0) throw optionsTypeError('`keys` must name what opens the stream');
  assertSignal(signal);
  if (settings.to.length + settings.add.length + settings.remove.length === 0) {
    throw optionsTypeError('Give `to`, `add` or `remove`: there is nothing to do');
  }
  if (settings.neverUnwrap && (settings.check || settings.remove.length > 0)) {
    const what = settings.check ? '`check`' : '`remove`';
    throw optionsTypeError(`${what} needs the data key, and \`neverUnwrap\` forbids to unwrap it`);
  }
  return settings;
}

function providers(name: 'keys' | 'to' | 'add', value: unknown): readonly KeyProvider[] {
  const list: readonly unknown[] = Array.isArray(value) ? [...value] : [value];
  if (!list.every(isKeyProvider)) {
    throw optionsTypeError(
      `\`${name}\` must be a key provider, such as kms() or rawKey(), or an array of them`,
    );
  }
  if (list.length <= MAX_RECIPIENTS) return list as readonly KeyProvider[];
  throw optionsRangeError(`\`${name}\` has more than ${MAX_RECIPIENTS} providers`);
}

function names(value: unknown): readonly RecipientName[] {
  const list: readonly unknown[] = Array.isArray(value) ? [...value] : [value];
  return list.map((one) => {
    const { provider, key } = (one ?? {}) as Partial<RecipientName>;
    if (typeof provider === 'string' && typeof key === 'string') return { provider, key };
    throw optionsTypeError('`remove` must be { provider, key } of a recipient, or an array of them');
  });
}
