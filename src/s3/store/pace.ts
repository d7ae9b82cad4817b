/** How requests are tried again, beyond what the client itself does. Times are milliseconds. */
export interface Pace {
  /** How often a request is sent at most. */
  readonly tries: number;
  /** About how long after the first failure; twice as long after each that follows. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** A request that moves no byte for so long is ended. */
  readonly stallAfter: number;
}

/** How a store is called unless a test says otherwise. */
export const PACE: Pace = { tries: 5, firstPause: 250, longestPause: 8_000, stallAfter: 60_000 };

/** The pause before try `tries + 1`: between half and all of its doubling length, so that many do not come at once. */
export function pauseAfter(tries: number, { firstPause, longestPause }: Pace): number {
  const length = Math.min(longestPause, firstPause * 2 ** (tries - 1));
  return length * (0.5 + Math.random() / 2);
}
