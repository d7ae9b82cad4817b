/** From `since` on and before `until`, in milliseconds since 1970. */
export interface TimeRange {
  readonly since: number;
  readonly until: number;
}

/** The range of all times. */
export const ALWAYS: TimeRange = { since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** Whether times from `first` to `last` overlap the range. */
export function overlaps(
  { since, until }: TimeRange,
  { first, last }: { first: number; last: number },
): boolean {
  return last >= since && first < until;
}
