import { isSealpipeError } from '../../errors.js';
import type { ReaderLimits } from '../../format/preamble.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { HeldSource } from '../../sources/held-source.js';
import { readPreamble } from '../../streams/read-preamble.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { checkSegmentPlace, fill, OpenedSegment } from '../archive/reading/opened-segment.js';
import { inSegment } from '../archive/reading/segment-fault.js';
import type { SegmentDigests } from '../archive/reading/segment-proof.js';
import { digestSegment } from '../archive/reading/segment-proof.js';
import type { ReadableSegment } from '../archive/reading/segment-windows.js';
import { assertTorn } from '../archive/reading/torn-check.js';
import type { SegmentHeader } from '../archive/segment-content.js';
import { openListed } from '../archive/segment-list.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { SegmentContents } from './segment-check.js';
import { checkContents } from './segment-check.js';

/** Settings of an examination. */
export interface ExaminationTerms {
  readonly store: ArchiveStore;
  readonly archive: string;
  /** Undefined without keys. */
  readonly settings: DecryptSettings | undefined;
  readonly limits: ReaderLimits;
  readonly stop: AbortSignal;
}

/** The request for one file. */
export interface ExaminationWish {
  /** An offset after the preamble, up to which digest and lines are computed as well. */
  readonly at: number | undefined;
  /** It is the last segment, and may grow. */
  readonly isLast: boolean;
}

/** The result for one file. */
export interface Examined {
  readonly name: SegmentName;
  readonly size: number;
  /** Undefined if the preamble is refused. */
  readonly header: SegmentHeader | undefined;
  readonly digests: SegmentDigests | undefined;
  /** Undefined without keys, or if its content is refused. */
  readonly contents: SegmentContents | undefined;
  /** The digest up to the last frame that verified, if that is not its end. */
  readonly torn: Buffer | undefined;
  readonly recipient: { readonly provider: string; readonly key: string } | undefined;
  /** Why it is refused. */
  readonly fault: unknown;
}

/** Codes that do not say that an archive is wrong: it may verify later, or with other keys or permissions. */
const OF_KEYS = /^ERR_SEALPIPE_(?:KEY_.*|TIMEOUT|CHANGED|STORE)$/;

/**
 * Examines one file as far as the keys allow.
 *
 * @throws (rejects) errors of key calls, the store or the signal
 */
export async function examine(
  terms: ExaminationTerms,
  name: SegmentName,
  wish: ExaminationWish,
): Promise<Examined> {
  const nothing = {
    name,
    size: 0,
    digests: undefined,
    contents: undefined,
    torn: undefined,
    recipient: undefined,
  };
  let found: Partial<Examined> = {};
  const keep = (more: Partial<Examined>): void => {
    found = { ...found, ...more };
  };
  let fault: unknown;
  try {
    await openListed(terms.store, terms.archive, name, (named) => {
      keep({ name: named });
      if (terms.settings === undefined) return lookAt(terms, named, wish, keep);
      return open(terms, terms.settings, named, wish, keep);
    });
  } catch (error) {
    if (!isSealpipeError(error) || OF_KEYS.test(error.code)) throw error;
    fault = error;
  }
  return { ...nothing, header: undefined, ...found, fault };
}

async function open(
  { store, archive }: ExaminationTerms,
  settings: DecryptSettings,
  name: SegmentName,
  { at, isLast }: ExaminationWish,
  keep: (more: Partial<Examined>) => void,
): Promise<void> {
  const segment = await OpenedSegment.open(store, archive, name, settings);
  try {
    const { header } = segment;
    const { provider, key } = segment.recipient;
    keep({ header, recipient: { provider, key }, size: await segment.size() });
    await segment.hold();
    const digests = await digestSegment(segment, header.preambleSize, at);
    keep({ digests });
    const contents = await checkContents(segment, at);
    keep({ contents });
    // Its writer may have ended it since: then what was digested is not what was opened.
    if (isLast && contents.isFinal) {
      keep({ size: await segment.size(), digests: await digestSegment(segment, header.preambleSize, at) });
    }
    if (contents.torn !== undefined) {
      if (!isLast) await assertTorn(segment, contents.torn, digests.digest);
      const { prefix } = await digestSegment(segment, header.preambleSize, contents.torn.offset);
      keep({ torn: prefix });
    }
  } finally {
    await segment.close();
  }
}

/** Without a key: reads the preamble, none of which is authentic, and the bytes. */
async function lookAt(
  { store, archive, limits, stop }: ExaminationTerms,
  name: SegmentName,
  { at }: ExaminationWish,
  keep: (more: Partial<Examined>) => void,
): Promise<void> {
  const source = await store.open(archive, name.name);
  try {
    const size = await source.size(stop);
    keep({ size });
    const preamble = await readPreamble(new HeldSource(source), limits, stop);
    const { header } = checkSegmentPlace(preamble, archive, name);
    const segment: ReadableSegment = {
      stopped: stop,
      size: async () => size,
      readInto: (memory, start) => fill(source, memory, start, stop, name.name),
    };
    keep({ header, digests: await digestSegment(segment, header.preambleSize, at) });
  } catch (error) {
    throw inSegment(error, name.name);
  } finally {
    await source.close?.();
  }
}
