import { fileURLToPath } from 'node:url';
import { equalBytes } from '../bytes.js';
import { interruptedRewrap, mayBeTorn } from '../files/interrupted-rewrap.js';
import type { Preamble, ReaderLimits } from '../format/preamble.js';
import { PreambleReader } from '../format/preamble.js';
import type { OpenSession } from '../session/open-session.js';
import type { Frames } from '../session/session.js';
import type { SealedSource } from '../sources/byte-source.js';
import type { HeldSource } from '../sources/held-source.js';
import { readPreamble } from './read-preamble.js';

/** A stream whose keys are there. */
export interface UnlockedHead<F> {
  readonly preamble: Preamble;
  readonly frames: F;
}

/**
 * Reads the head of a stream and unlocks it. A file may be re-wrapped meanwhile: where the envelope is malformed, or the
 * commitment is missed, the head is read once more, and no key is called for the same one again.
 *
 * @throws (rejects) like `readPreamble` and `unlock`; SealpipeError `ERR_SEALPIPE_LOCKED` if the journal of a re-wrap
 * lies beside the file
 */
export async function unlockedHead<F extends Frames>(
  source: SealedSource,
  held: HeldSource,
  session: OpenSession<F>,
  limits: ReaderLimits,
): Promise<UnlockedHead<F>> {
  const { stopped } = session;
  let first: Preamble | undefined;
  try {
    first = await readPreamble(held, session.preamble, stopped);
    return { preamble: first, frames: await session.unlock(first) };
  } catch (error) {
    const path = pathOf(source);
    if (path === undefined || stopped.aborted || !mayBeTorn(error)) throw error;
    try {
      const second = await readPreamble(held, new PreambleReader(limits), stopped);
      if (first !== undefined && hasSameRecipients(first, second)) throw error;
      return { preamble: second, frames: await session.unlock(second) };
    } catch (again) {
      if (stopped.aborted || !mayBeTorn(again)) throw again;
      throw (await interruptedRewrap(path, again)) ?? again;
    }
  }
}

function pathOf(source: SealedSource): string | undefined {
  if (typeof source === 'string') return source;
  const { href, protocol } = source as Partial<URL>;
  return typeof href === 'string' && protocol === 'file:' ? fileURLToPath(href) : undefined;
}

function hasSameRecipients(one: Preamble, other: Preamble): boolean {
  const [ours, theirs] = [one.header.recipients, other.header.recipients];
  return (
    ours.length === theirs.length &&
    ours.every(({ provider, key, wrapped }, i) => {
      const match = theirs[i]!;
      return match.provider === provider && match.key === key && equalBytes(match.wrapped, wrapped);
    })
  );
}
