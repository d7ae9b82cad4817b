import type { SealpipeError } from '../../errors.js';
import { isSealpipeError } from '../../errors.js';
import { journaledHeads } from '../../files/heads/interrupted-rewrap.js';
import type { ReaderLimits } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { OpenSession } from '../../session/open-session.js';
import type { SealedSource } from '../../sources/byte-source.js';
import type { HeldSource } from '../../sources/held-source.js';
import { withSource } from '../../sources/with-source.js';
import type { StreamFault } from '../../stream-fault.js';
import { IN_PREAMBLE, streamFaultOf } from '../../stream-fault.js';
import { readPreamble } from '../../streams/read-preamble.js';
import type { AnyOpener } from '../any-opener.js';
import { pathOfSource, unlockedHead } from '../unlocked-head.js';
import { assertSameSalt, firstFrame } from './head-elsewhere.js';

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
      if (found !== undefined) return { ...found, fault: unfinished(error) };
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
  const found = await elsewhere(terms, head);
  return { ...found, fault: await preambleFault(terms) };
}

async function elsewhere(
  { source, session, limits }: HeadTerms,
  head: SealedSource,
): Promise<Omit<RecoveredHead, 'fault'>> {
  const stop = session.stopped;
  const size = await source.size(stop);
  const preamble = await withSource(head, (kept) => readPreamble(kept, limits, stop));
  const { header } = preamble;
  await assertSameSalt(header, source, size, stop);
  const opener = await session.unlock(preamble);
  return { opener, header, start: await firstFrame(opener, header, source, size, stop) };
}

/** The fault of a preamble that is not used. */
async function preambleFault({ source, session, limits }: HeadTerms): Promise<StreamFault | null> {
  try {
    await readPreamble(source, limits, session.stopped);
    return null;
  } catch (error) {
    return streamFaultOf(error, IN_PREAMBLE);
  }
}

function unfinished({ code, message }: SealpipeError): StreamFault {
  return { code, message, cutShort: false, ...IN_PREAMBLE };
}
