import { misuse } from '../../terminal/command-error.js';
import { LOGS_USAGE } from '../../terminal/messages/logs.js';
import type { GivenOptions } from '../command-line.js';
import { parseDuration } from './durations.js';

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?)?$/;
const MINUTE = 60_000;

/**
 * Reads a date, a time of ISO 8601 (UTC unless it says otherwise), or `2h`, which is two hours before `now`.
 *
 * @returns milliseconds since 1970; undefined for anything else
 */
export function parseTime(text: string, now: number): number | undefined {
  const ago = parseDuration(text, now);
  if (ago !== undefined) return now - ago;
  const [whole, ...parts] = TIME.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const milliseconds = Number((parts[6] ?? '').slice(0, 3).padEnd(3, '0'));
  const away = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * MINUTE;
  const here = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const isThere =
    new Date(here).toISOString().slice(0, 10) === text.slice(0, 10) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    away < 24 * 60 * MINUTE;
  if (!isThere) return undefined;
  return parts[8] === '-' ? here + away : here - away;
}

/** Reads an option that is a moment. @returns milliseconds since 1970 @throws CommandError with status 2 */
export function timeOption(options: GivenOptions, name: 'since' | 'until' | 'before'): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const time = parseTime(text, Date.now());
  if (time === undefined) throw misuse(LOGS_USAGE.badTime(name, text));
  return time;
}
