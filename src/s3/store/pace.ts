/** How requests are retried, besides the retries of the client. Times are milliseconds. */
export interface Pace {
  /** The most times that a request is sent. */
  readonly tries: number;
  /** Pause after the first failure; doubles after each further one. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** A request that moves no byte for this long is ended. */
  readonly stallAfter: number;
}

/** The pace, except in tests. */
export const PACE: Pace = { tries: 5, firstPause: 250, longestPause: 8_000, stallAfter: 60_000 };

/**
 * The pause before try `tries + 1`: between half and all of its doubled length, so that many clients do not retry at
 * once.
 */
export function pauseAfter(tries: number, { firstPause, longestPause }: Pace): number {
  const length = Math.min(longestPause, firstPause * 2 ** (tries - 1));
  return length * (0.5 + Math.random() / 2);
}
