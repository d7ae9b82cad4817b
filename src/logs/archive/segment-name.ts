/** The content of a segment's name. All of it is a hint, except the index, which the segment must confirm. */
export interface SegmentName {
  readonly name: string;
  readonly index: number;
  /** Being written, or permanently torn. */
  readonly open: boolean;
  /**
   * Times of a sealed segment, in milliseconds since 1970; null if it has none. Undefined in a bucket, whose names have
   * no times.
   */
  readonly range: { readonly first: number; readonly last: number } | null | undefined;
  /** In a bucket: the name of a segment whose writer found another segment of the same index. */
  readonly isFork?: boolean;
}

const DIGITS = 12;
/** The largest values in a name. */
export const MAX_SEGMENT_INDEX = 10 ** DIGITS - 1;
const OPEN = /^([0-9]{12})\.open$/;
const SEALED = /^([0-9]{12})-(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})\.sealed$/;
const TEMPORARY = /^[0-9]{12}\.[0-9a-f]{16}\.tmp$/;
const ARCHIVE = /^[0-9a-f]{32}$/;

/** The name of an open segment. */
export function openName(index: number): string {
  return `${segmentDigits(index)}.open`;
}

/** The name of a segment once its last frame is written. @param range its first and last time; 0 and 0 for none */
export function sealedName(index: number, { first, last }: { first: number; last: number }): string {
  return `${segmentDigits(index)}-${first}-${last}.sealed`;
}

/** The name of a segment before its preamble is durable. @param salt 16 unique hex digits */
export function temporaryName(index: number, salt: string): string {
  return `${segmentDigits(index)}.${salt}.tmp`;
}

/** Whether this is the name of an unfinished file, which nobody reads. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Parses a name; undefined if it is not that of a segment. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const open = OPEN.exec(name);
  if (open !== null) return { name, index: Number(open[1]), open: true, range: null };
  const sealed = SEALED.exec(name);
  if (sealed === null) return undefined;
  const [first, last] = [Number(sealed[2]), Number(sealed[3])];
  if (first > last || last > Number.MAX_SAFE_INTEGER) return undefined;
  return {
    name,
    index: Number(sealed[1]),
    open: false,
    range: first === 0 && last === 0 ? null : { first, last },
  };
}

/** The name of an archive's folder. */
export function archiveName(archive: Uint8Array): string {
  return Buffer.from(archive).toString('hex');
}

/** Whether a folder is named like an archive. */
export function isArchiveName(name: string): boolean {
  return ARCHIVE.test(name);
}

/** An index in the form that names have. */
export function segmentDigits(index: number): string {
  if (index > MAX_SEGMENT_INDEX) throw new RangeError('An archive has at most 10^12 segments');
  return String(index).padStart(DIGITS, '0');
}
