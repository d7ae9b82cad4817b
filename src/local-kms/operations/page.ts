import type { Member } from '../protocol/members.js';
import { integer, text } from '../protocol/members.js';
import { ServiceError } from '../protocol/service-error.js';

/** The position and size of the requested page. */
export interface PageRequest {
  readonly Limit: number | undefined;
  readonly Marker: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Becomes part of the response. */
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string };
}

/** The members of a list request; `most` is the limit for one page. */
export function pageMembers(most: number): { Limit: Member<number>; Marker: Member<string> } {
  return { Limit: integer({ min: 1, max: most }), Marker: text({ min: 1, max: 1024 }) };
}

/**
 * One page of a list in the order of its names. A marker is the last name that was returned, so a list that changes
 * between two pages neither repeats nor skips unchanged entries.
 *
 * @throws ServiceError InvalidMarkerException for a marker that this KMS did not make
 */
export function page<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { Limit, Marker }: PageRequest,
  usual: number,
): Page<T> {
  const after = Marker === undefined ? '' : readMarker(Marker);
  const left = items.filter((item) => nameOf(item) > after);
  const found = left.slice(0, Limit ?? usual);
  const last = found.at(-1);
  if (last === undefined || found.length === left.length) return { items: found, rest: { Truncated: false } };
  return { items: found, rest: { Truncated: true, NextMarker: toMarker(nameOf(last)) } };
}

function toMarker(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function readMarker(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString();
  if (toMarker(name) !== marker) throw new ServiceError('InvalidMarkerException', 'Invalid marker.');
  return name;
}
