import type { SealpipeError } from '../../errors.js';
import { isSealpipeError } from '../../errors.js';
import { journaledHeads } from '../../files/heads/interrupted-rewrap.js';
import type { Preamble, ReaderLimits } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic } from '../../frames/frame-errors.js';
import type { OpenSession } from '../../session/open-session.js';
import type { SealedSource } from '../../sources/byte-source.js';
import type { HeldSource } from '../../sources/held-source.js';
import { withSource } from '../../sources/with-source.js';
import type { StreamFault } from '../../stream-fault.js';
import { IN_PREAMBLE, streamFaultOf } from '../../stream-fault.js';
import { readPreamble } from '../../streams/read-preamble.js';
import type { AnyOpener } from '../any-opener.js';
import { pathOfSource, unlockedHead } from '../unlocked-head.js';
import { assertSameSalt, firstFrame, isSameStream } from './head-elsewhere.js';

/** A stream whose keys are known, so that its frames can be saved. */
export interface RecoveredHead {
  readonly opener: AnyOpener;
  readonly header: StreamHeader;
  /** The offset of its first frame. */
  readonly start: number;
  /** The fault of the stream's own preamble. */
  readonly fault: StreamFault | null;
}

/** The places to search for a head. */
export interface HeadTerms {
  readonly given: SealedSource;
  readonly source: HeldSource;
  readonly session: OpenSession<AnyOpener>;
  readonly limits: ReaderLimits;
}

/**
 * Unlocks a stream by its own preamble, or by that of a journal beside the file if a re-wrap was interrupted. The
 * journal is not trusted: its head must have the stream's salt, and is checked against the commitment.
 *
 * @throws (rejects) like `unlockedHead`
 */
export async function ownHead(terms: HeadTerms): Promise<RecoveredHead> {
  const { given, source, session, limits } = terms;
  try {
    const { preamble, frames: opener } = await unlockedHead(given, source, session, limits);
    source.goOnWith(preamble.prologueBytes);
    return { opener, header: preamble.header, start: preamble.header.preambleSize, fault: null };
  } catch (error) {
    if (!isSealpipeError(error) || error.code !== 'ERR_SEALPIPE_LOCKED') throw error;
    for (const head of await journaledHeads(pathOfSource(given)!)) {
      const found = await elsewhere(terms, head).catch(() => undefined);
      if (session.stopped.aborted) throw error;
      if (found === undefined) continue;
      const { opener, header, start } = found;
      return { opener, header, start, fault: unfinished(error) };
    }
    throw error;
  }
}

/**
 * Unlocks a stream by a copy of its preamble.
 *
 * @throws (rejects) like `readPreamble` and `unlock`; RangeError `ERR_SEALPIPE_OPTIONS` for the head of another stream
 */
export async function headFrom(terms: HeadTerms, head: SealedSource): Promise<RecoveredHead> {
  const { kept, ...found } = await elsewhere(terms, head);
  return { ...found, fault: await preambleFault(terms, kept) };
}

/** A stream that was unlocked by a copy of its preamble. */
interface UnlockedElsewhere extends Omit<RecoveredHead, 'fault'> {
  readonly kept: Preamble;
}

async function elsewhere(
  { source, session, limits }: HeadTerms,
  head: SealedSource,
): Promise<UnlockedElsewhere> {
  const stop = session.stopped;
  const size = await source.size(stop);
  const kept = await withSource(head, (copy) => readPreamble(copy, limits, stop));
  const { header } = kept;
  await assertSameSalt(header, source, size, stop);
  const opener = await session.unlock(kept);
  return { opener, header, start: await firstFrame(opener, header, source, size, stop), kept };
}

/**
 * The fault of the stream's own preamble, which is not used. Its envelope may differ from that of the copy: a re-wrap
 * replaces it.
 */
async function preambleFault(
  { source, session, limits }: HeadTerms,
  kept: Preamble,
): Promise<StreamFault | null> {
  try {
    const own = await readPreamble(source, limits, session.stopped);
    if (!isSameStream(own, kept)) throw notAuthentic();
    return null;
  } catch (error) {
    return streamFaultOf(error, IN_PREAMBLE);
  }
}

function unfinished({ code, message }: SealpipeError): StreamFault {
  return { code, message, cutShort: false, ...IN_PREAMBLE };
}
