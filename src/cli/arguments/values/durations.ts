import { LONGEST_TIMER } from '../../../abort.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';
import type { GivenOptions } from '../command-line.js';

/** Milliseconds per unit. A time on the command line must have a unit. */
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads `500ms`, `5s` or `1.5h` as milliseconds; undefined for anything else, and for more than `longest` (24 days).
 */
export function parseDuration(text: string, longest: number = LONGEST_TIMER): number | undefined {
  const [, digits, unit] = /^([0-9]{1,10}(?:\.[0-9]{1,3})?) ?([a-z]+)$/.exec(text) ?? [];
  const factor = unit !== undefined && Object.hasOwn(UNITS, unit) ? UNITS[unit]! : Number.NaN;
  const milliseconds = Math.round(Number(digits) * factor);
  return milliseconds <= longest ? milliseconds : undefined;
}

/** Reads an option that is a time. @returns milliseconds @throws CommandError with status 2 */
export function durationOption(
  options: GivenOptions,
  name: 'grace' | 'rotate-every' | 'flush-every' | 'heartbeat' | 'drain',
): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw misuse(USAGE.badDuration(name, text));
  return milliseconds;
}
