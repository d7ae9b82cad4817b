/**
 * The candidate that was probably meant: it differs by at most two letters (one in a short word), ignoring case, or it
 * begins or ends with the given text.
 */
export function suggestion(given: string, candidates: readonly string[]): string | undefined {
  if (given.length > MAX_LENGTH) return undefined;
  const meant = given.toLowerCase();
  const most = meant.length < 5 ? 1 : 2;
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const isPart = meant.length > 2 && (name.startsWith(meant) || name.endsWith(meant));
    const off = isPart ? 1 : distance(meant, name, least);
    if (off < least) [best, least] = [candidate, off];
  }
  return best;
}

/** More than two letters longer than any candidate. */
const MAX_LENGTH = 100;

/** The least number of letters to insert, drop, change or swap with the next; `limit` or more if it reaches `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeLast[j - 2]! + 1 : limit;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, change, swap));
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
