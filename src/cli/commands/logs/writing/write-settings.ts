import type { EngineName } from '../../../../index.js';
import type { LogWriterOptions } from '../../../../logs/index.js';
import type { GivenOptions } from '../../../arguments/command-line.js';
import { objectLockOption } from '../../../arguments/store/object-attributes.js';
import { placeNamed } from '../../../arguments/store/object-names.js';
import { OPENING_OBJECTS } from '../../../arguments/store/option-table.js';
import { contextPairs } from '../../../arguments/values/context-pairs.js';
import { durationOption } from '../../../arguments/values/durations.js';
import { sizeOption } from '../../../arguments/values/sizes.js';
import { misuse } from '../../../terminal/command-error.js';
import { LOGS_USAGE } from '../../../terminal/messages/logs.js';
import { formatSize } from '../../../terminal/units.js';

const COMPRESSION = /^(?:(zstd|gzip)(?::([0-9]{1,3}))?|none)$/;

/** Minimum and maximum in bytes. */
const SIZES = {
  'rotate-size': [4_096, 2 ** 40],
  'flush-size': [1, 524_288],
  'max-bytes': [65_536, 2 ** 50],
} as const;
const DAY = 86_400_000;
/** Milliseconds, on which the time after a signal depends. */
const DRAIN = 8_000;

/** The options for writing an archive. */
export type WriteSettings = Omit<
  LogWriterOptions,
  'keys' | 'directory' | 'client' | 'clientConfig' | 'signal'
>;

/** Checks the options as far as possible without a key. @throws CommandError with status 2 */
export function writeSettings(options: GivenOptions): WriteSettings {
  return {
    encryptionContext: contextPairs(options.texts('context')),
    engine: options.text('engine') as EngineName | undefined,
    rotate: { bytes: size(options, 'rotate-size'), interval: duration(options, 'rotate-every') },
    flush: { bytes: size(options, 'flush-size'), interval: duration(options, 'flush-every') },
    compress: compression(options.text('compress')),
    fsync: options.text('fsync') as LogWriterOptions['fsync'],
    heartbeat: duration(options, 'heartbeat'),
    onFull: options.text('on-full') as LogWriterOptions['onFull'],
    acceptLoss: options.has('accept-loss'),
    singleWriter: options.has('single-writer'),
    ...spoolSettings(options),
  };
}

/** Options that need a store. */
const OF_STORE = ['max-bytes', 'drain', 'object-lock', ...OPENING_OBJECTS] as const;

function spoolSettings(
  options: GivenOptions,
): Pick<LogWriterOptions, 'store' | 'objectLock' | 'maxBytes' | 'drain'> {
  const store = options.text('store');
  const idle = OF_STORE.find((name) => options.has(name));
  if (store === undefined && idle !== undefined) throw misuse(LOGS_USAGE.needsStore(idle));
  if (store !== undefined && placeNamed(store) === undefined) throw misuse(LOGS_USAGE.badStore(store));
  return {
    store,
    objectLock: objectLockOption(options),
    maxBytes: size(options, 'max-bytes'),
    drain: duration(options, 'drain') ?? (store === undefined ? undefined : DRAIN),
  };
}

function size(options: GivenOptions, name: keyof typeof SIZES): number | undefined {
  const bytes = sizeOption(options, name);
  const [least, most] = SIZES[name];
  if (bytes === undefined || (bytes >= least && bytes <= most)) return bytes;
  throw misuse(LOGS_USAGE.outOfRange(name, formatSize(least), formatSize(most)));
}

function duration(
  options: GivenOptions,
  name: 'rotate-every' | 'flush-every' | 'heartbeat' | 'drain',
): number | undefined {
  const milliseconds = durationOption(options, name);
  const [least, words] = name === 'drain' ? [0, '0s'] : [1, '1ms'];
  if (milliseconds === undefined || (milliseconds >= least && milliseconds <= DAY)) return milliseconds;
  throw misuse(LOGS_USAGE.outOfRange(name, words, '24h'));
}

/** Reads `zstd`, `gzip:6` or `none`. @throws CommandError with status 2 */
export function compression(text: string | undefined): LogWriterOptions['compress'] {
  if (text === undefined) return undefined;
  const [whole, coding, level] = COMPRESSION.exec(text) ?? [];
  if (whole === undefined) throw misuse(LOGS_USAGE.badCompression(text));
  if (coding === undefined) return false;
  return { coding: coding as 'zstd' | 'gzip', level: level === undefined ? undefined : Number(level) };
}
