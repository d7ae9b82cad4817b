import { misuse } from '../../terminal/command-error.js';
import { SEALED_USAGE } from '../../terminal/messages/sealed.js';

/** A range of plaintext, `end` exclusive; a negative `start` counts from the end. */
export interface ByteRange {
  readonly start: number;
  readonly end: number | undefined;
}

/** Reads `A-B` (both inclusive), `A-` or `-N`. @throws CommandError with status 2 */
export function byteRange(text: string): ByteRange {
  const [, from = '', to = ''] = /^([0-9]{0,16})-([0-9]{0,16})$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  const isLegal = Number.isSafeInteger(first) && Number.isSafeInteger(last + 1) && from + to !== '';
  if (!isLegal || (from !== '' && to !== '' && last < first)) throw misuse(SEALED_USAGE.badRange(text));
  if (from === '') return { start: -last, end: undefined };
  return { start: first, end: to === '' ? undefined : last + 1 };
}

/** Reads `5`, `5%` or `0.5%`. @throws CommandError with status 2 */
export function percentage(text: string): number {
  const [, digits] = /^([0-9]{1,3}(?:\.[0-9]{1,6})?)%?$/.exec(text) ?? [];
  const percent = Number(digits);
  if (!(percent > 0 && percent <= 100)) throw misuse(SEALED_USAGE.badSample(text));
  return percent;
}
