import type { EngineName } from '../crypto/aead.js';
import { engineNames } from '../crypto/engines.js';
import { optionsRangeError, optionsTypeError } from '../errors.js';
import type { KeyProvider } from '../keys/provider.js';
import { isKeyProvider } from '../keys/provider.js';
import { MAX_RECIPIENTS } from '../limits.js';
import type { OptionNames } from '../options.js';
import { assertSignal } from '../options.js';

/** Options of both directions. */
export interface StreamOptions {
  /**
   * One key provider, or 1 to 32 of them. Sealing: the first generates the data key, the others wrap it, so that each
   * of them opens the stream. Opening: the recipients are tried in the stream's order, each with the providers that it
   * matches.
   */
  readonly keys: KeyProvider | readonly KeyProvider[];
  /** Pins an engine. Default: the fastest that serves the suite here. Throws if the pinned engine is not available. */
  readonly engine?: EngineName | undefined;
  /**
   * When aborted, destroys the stream with an AbortError whose cause is the signal's reason, even during a key call.
   */
  readonly signal?: AbortSignal | undefined;
  /** Bytes that wait to be read before the source is held back. Default: 65,536. */
  readonly readableHighWaterMark?: number | undefined;
  /** Bytes that wait to be processed before `write` returns false. Default: 65,536. */
  readonly writableHighWaterMark?: number | undefined;
}

/** The names of these options. */
export const STREAM_OPTIONS: OptionNames<StreamOptions> = {
  keys: true,
  engine: true,
  signal: true,
  readableHighWaterMark: true,
  writableHighWaterMark: true,
};

/** The checked options. */
export interface StreamSettings {
  readonly keys: readonly KeyProvider[];
  readonly engine: EngineName | undefined;
  readonly signal: AbortSignal | undefined;
  readonly readableHighWaterMark: number;
  readonly writableHighWaterMark: number;
}

const DEFAULT_HIGH_WATER_MARK = 65_536;

/** Checks the options of both directions from `readOptions`. @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS` */
export function streamSettings(options: StreamOptions): StreamSettings {
  const { engine, signal } = options;
  if (engine !== undefined && !engineNames().includes(engine)) {
    throw optionsTypeError(`\`engine\` must be one of ${engineNames().join(', ')}`);
  }
  assertSignal(signal);
  return {
    keys: keyProviders(options.keys),
    engine,
    signal,
    readableHighWaterMark: size(options, 'readableHighWaterMark') ?? DEFAULT_HIGH_WATER_MARK,
    writableHighWaterMark: size(options, 'writableHighWaterMark') ?? DEFAULT_HIGH_WATER_MARK,
  };
}

/** Reads an option that is a whole number from 0 (or `min`) on, if it is given. */
export function size<K extends string>(
  options: { readonly [P in K]?: number | undefined },
  name: K,
  min = 0,
): number | undefined {
  const value: unknown = options[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw optionsTypeError(`\`${name}\` must be a number`);
  if (!Number.isSafeInteger(value) || value < min) {
    throw optionsRangeError(`\`${name}\` must be a whole number from ${min} on`);
  }
  return value;
}

function keyProviders(keys: unknown): readonly KeyProvider[] {
  const list: readonly unknown[] = Array.isArray(keys) ? [...keys] : [keys];
  if (list.length === 0 || !list.every(isKeyProvider)) {
    throw optionsTypeError('`keys` must be a key provider, such as kms() or rawKey(), or an array of them');
  }
  if (list.length > MAX_RECIPIENTS)
    throw optionsRangeError(`\`keys\` has more than ${MAX_RECIPIENTS} providers`);
  return list as readonly KeyProvider[];
}
