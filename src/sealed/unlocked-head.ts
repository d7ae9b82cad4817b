import { fileURLToPath } from 'node:url';
import { withSteadyHead } from '../files/heads/steady-head.js';
import type { Preamble, ReaderLimits } from '../format/preamble.js';
import type { OpenSession } from '../session/open-session.js';
import type { Frames } from '../session/session.js';
import type { SealedSource } from '../sources/byte-source.js';
import type { HeldSource } from '../sources/held-source.js';
import { readPreamble } from '../streams/read-preamble.js';

/** A stream whose keys are known. */
export interface UnlockedHead<F> {
  readonly preamble: Preamble;
  readonly frames: F;
}

/**
 * Reads the head of a stream and unlocks it. It may be re-wrapped at the same time: see `withSteadyHead`.
 *
 * @throws (rejects) like `readPreamble` and `unlock`; SealpipeError `ERR_SEALPIPE_LOCKED` if the journal of a re-wrap
 * exists beside the file
 */
export function unlockedHead<F extends Frames>(
  source: SealedSource,
  held: HeldSource,
  session: OpenSession<F>,
  limits: ReaderLimits,
): Promise<UnlockedHead<F>> {
  const { stopped } = session;
  return withSteadyHead<Preamble, UnlockedHead<F>>({
    read: () => readPreamble(held, limits, stopped),
    open: async (preamble) => ({ preamble, frames: await session.unlock(preamble) }),
    isPast: () => stopped.aborted,
    isSteady: true,
    path: pathOfSource(source),
  });
}

/** The path of a source; undefined if it is not a file, or if the path of an open file cannot be found out. */
export function pathOfSource(source: SealedSource): string | undefined {
  if (typeof source === 'string') return source;
  const { href, protocol, fd } = (source ?? {}) as Partial<URL & { readonly fd: number }>;
  if (typeof href === 'string' && protocol === 'file:') return fileURLToPath(href);
  return typeof fd === 'number' && process.platform === 'linux' ? `/proc/self/fd/${fd}` : undefined;
}
