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
 * Reduces the mode of a file of `group` to the rights that the other files also give: the output of a secret file is
 * secret. If the groups differ, only rights that both group and others have are left.
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
