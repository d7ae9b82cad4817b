import type { EngineName } from '../../../index.js';
import type { LogWriterOptions } from '../../../logs/index.js';
import type { GivenOptions } from '../../arguments/command-line.js';
import { contextPairs } from '../../arguments/values/context-pairs.js';
import { durationOption } from '../../arguments/values/durations.js';
import { sizeOption } from '../../arguments/values/sizes.js';
import { misuse } from '../../terminal/command-error.js';
import { LOGS_USAGE } from '../../terminal/messages/logs.js';
import { formatSize } from '../../terminal/units.js';

const COMPRESSION = /^(?:(zstd|gzip)(?::([0-9]{1,3}))?|none)$/;

/** Bytes, from and to. */
const SIZES = { 'rotate-size': [4_096, 2 ** 40], 'flush-size': [1, 524_288] } as const;
const DAY = 86_400_000;

/** What the options say of an archive that is written, checked as far as that goes without a key. */
export function writeSettings(options: GivenOptions): Omit<LogWriterOptions, 'keys' | 'directory'> {
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
  name: 'rotate-every' | 'flush-every' | 'heartbeat',
): number | undefined {
  const milliseconds = durationOption(options, name);
  if (milliseconds === undefined || (milliseconds >= 1 && milliseconds <= DAY)) return milliseconds;
  throw misuse(LOGS_USAGE.outOfRange(name, '1ms', '24h'));
}

/** Reads `zstd`, `gzip:6` or `none`. @throws CommandError with status 2 */
export function compression(text: string | undefined): LogWriterOptions['compress'] {
  if (text === undefined) return undefined;
  const [whole, coding, level] = COMPRESSION.exec(text) ?? [];
  if (whole === undefined) throw misuse(LOGS_USAGE.badCompression(text));
  if (coding === undefined) return false;
  return { coding: coding as 'zstd' | 'gzip', level: level === undefined ? undefined : Number(level) };
}
