import { misuse } from '../../terminal/command-error.js';
import { PROGRAM_USAGE } from '../../terminal/messages/files/programs.js';
import type { CommandLine } from '../command-line.js';

const LARGEST = 255;

/**
 * The exit statuses of a program that count as success: 0, and those of `--ok-status`.
 *
 * @throws CommandError with status 2
 */
export function okStatuses({ options, program }: CommandLine): ReadonlySet<number> {
  const list = options.text('ok-status');
  if (list === undefined) return new Set([0]);
  if (program === undefined) throw misuse(PROGRAM_USAGE.okStatusNeedsProgram());
  const statuses = list.split(',').map((text) => (/^[0-9]{1,3}$/.test(text) ? Number(text) : Number.NaN));
  if (!statuses.every((status) => status <= LARGEST)) throw misuse(PROGRAM_USAGE.badStatuses(list));
  return new Set([0, ...statuses]);
}
