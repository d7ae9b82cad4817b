import { storageError } from './storage.js';

/** 2106-02-07, the end of seconds in 32 bits. */
const LATEST = 2 ** 32 * 1_000;

/**
 * The time, in milliseconds since 1970, for a record.
 *
 * @throws SealpipeError if the clock is impossibly wrong: the wrong date would stay in the files
 */
export function now(): number {
  const time = Date.now();
  if (time >= 0 && time < LATEST) return time;
  const what = time < 0 ? 'a time before 1970' : 'a time after 2105';
  throw storageError(`The clock of this machine is wrong: it says ${Number.isNaN(time) ? 'no time' : what}`, {
    hint: 'Set the clock',
  });
}
