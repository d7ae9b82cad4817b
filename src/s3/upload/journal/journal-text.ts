import { MOST_PARTS } from '../parts/part-plan.js';

/** The first line of a journal. */
export interface JournalHead {
  readonly bucket: string;
  readonly key: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly uploadId: string;
  /** When it began, by ISO 8601. */
  readonly started: string;
  /** Absent if the source cannot be read again. */
  readonly resume?: ResumeTerms;
}

/** The data needed to resume the upload of a file. */
export interface ResumeTerms {
  /** Base64. */
  readonly preamble: string;
  /** The path of the file. It proves nothing: the claims do. */
  readonly source: string;
  /** Bytes of plaintext. */
  readonly length: number;
  /** A digest of all options that the object depends on. */
  readonly options: string;
}

/** A parsed journal. */
export interface JournalText {
  readonly head: JournalHead;
  /** Of each part: its claim, in hex. */
  readonly claims: ReadonlyMap<number, string>;
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** Whether every whole line was understood. */
  readonly isSound: boolean;
}

const VERSION = 1;
const CLAIM = /^[0-9a-f]{64}$/;

export function headLine(head: JournalHead): string {
  return `${JSON.stringify({ version: VERSION, ...head })}\n`;
}

export function claimLine(part: number, digest: Uint8Array): string {
  return `${JSON.stringify({ part, claim: Buffer.from(digest).toString('hex') })}\n`;
}

/**
 * Reads a journal. An incomplete last line was being written when its process ended: nothing was sealed under it.
 *
 * @returns undefined if no upload is named
 */
export function parseJournal(bytes: Buffer): JournalText | undefined {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const [first, ...rest] = bytes.subarray(0, wholeBytes).toString().split('\n').slice(0, -1);
  const head = first === undefined ? undefined : headIn(first);
  if (head === undefined) return undefined;
  const claims = new Map<number, string>();
  let isSound = true;
  for (const line of rest) {
    const { part, claim } = jsonIn(line);
    const isClaim = Number.isInteger(part) && (part as number) >= 1 && (part as number) <= MOST_PARTS;
    if (isClaim && typeof claim === 'string' && CLAIM.test(claim) && !claims.has(part as number)) {
      claims.set(part as number, claim);
    } else isSound = false;
  }
  return { head, claims, wholeBytes, isSound };
}

function headIn(line: string): JournalHead | undefined {
  const { version, bucket, key, endpoint, region, uploadId, started, resume } = jsonIn(line);
  const texts = [bucket, key, region, uploadId, started];
  if (version !== VERSION || !texts.every((text) => typeof text === 'string')) return undefined;
  return {
    bucket,
    key,
    ...(typeof endpoint === 'string' && { endpoint }),
    region,
    uploadId,
    started,
    ...(isTerms(resume) && { resume }),
  } as JournalHead;
}

function isTerms(value: unknown): value is ResumeTerms {
  const { preamble, source, length, options } = Object(value) as Partial<Record<keyof ResumeTerms, unknown>>;
  return (
    typeof preamble === 'string' &&
    typeof source === 'string' &&
    Number.isSafeInteger(length) &&
    typeof options === 'string'
  );
}

function jsonIn(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
