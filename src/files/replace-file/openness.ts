import type { BigIntStats } from 'node:fs';

/** Who may read and write a file. */
export interface Openness {
  readonly mode: number;
  readonly group: bigint;
}

const OWNER = 0o700;

export function opennessOf({ mode, gid }: BigIntStats): Openness {
  return { mode: Number(mode) & 0o777, group: gid };
}

/**
 * Takes from the mode of a file of `group` what the other files do not allow either: what is made of a secret file is
 * secret. The members of two groups are others to each other, so where the groups differ only that is left which group
 * and others may both do.
 */
export function noMoreOpen(
  mode: number,
  group: bigint,
  ...others: readonly (Openness | undefined)[]
): number {
  return others.reduce((left, other) => left & (OWNER | (other ? allowed(group, other) : OWNER - 1)), mode);
}

function allowed(group: bigint, other: Openness): number {
  const ofGroup = (other.mode >> 3) & 7;
  const ofOthers = other.mode & 7;
  const ofBoth = ofGroup & ofOthers;
  return other.group === group ? (ofGroup << 3) | ofOthers : (ofBoth << 3) | ofBoth;
}
