/** What the name of a segment says. All of it is a hint but for the index, which the segment must bear out. */
export interface SegmentName {
  readonly name: string;
  readonly index: number;
  /** Being written, or torn for ever. */
  readonly open: boolean;
  /**
   * Times of a sealed one, in milliseconds since 1970; null if it holds none. Undefined in a bucket, where names say
   * nothing of times.
   */
  readonly range: { readonly first: number; readonly last: number } | null | undefined;
  /** In a bucket: it lies beside another segment of its index, which its writer found there. */
  readonly isFork?: boolean;
}

const DIGITS = 12;
/** What a name can hold. */
export const MAX_SEGMENT_INDEX = 10 ** DIGITS - 1;
const OPEN = /^([0-9]{12})\.open$/;
const SEALED = /^([0-9]{12})-(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})\.sealed$/;
const TEMPORARY = /^[0-9]{12}\.[0-9a-f]{16}\.tmp$/;
const ARCHIVE = /^[0-9a-f]{32}$/;

/** The name of a segment while it is written. */
export function openName(index: number): string {
  return `${segmentDigits(index)}.open`;
}

/** The name of a segment once its last frame is written. @param range its first and last time; 0 and 0 for none */
export function sealedName(index: number, { first, last }: { first: number; last: number }): string {
  return `${segmentDigits(index)}-${first}-${last}.sealed`;
}

/** The name of a segment before its preamble is durable. @param salt 16 hex digits that no other has */
export function temporaryName(index: number, salt: string): string {
  return `${segmentDigits(index)}.${salt}.tmp`;
}

/** Whether this is the name of a file that its writer has not finished: nobody reads it. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** What a name says; undefined if it is no segment's. */
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

/** How an index stands in a name. */
export function segmentDigits(index: number): string {
  if (index > MAX_SEGMENT_INDEX) throw new RangeError('An archive has at most 10^12 segments');
  return String(index).padStart(DIGITS, '0');
}
