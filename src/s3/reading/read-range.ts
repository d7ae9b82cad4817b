import { onAbort, throwIfAborted } from '../../abort.js';
import { discard } from '../store/requests/unread-body.js';
import type { StoreCalls } from '../store/store-calls.js';
import { ObjectBody } from './object-body.js';
import type { ObjectReads } from './object-reads.js';
import type { Resumes } from './resumes.js';

/** The settings of a read into memory. */
export interface RangeTerms {
  readonly reads: ObjectReads;
  readonly calls: StoreCalls;
  readonly resumes: Resumes;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallAfter: number;
  readonly signal: AbortSignal;
  /** Returns the last position up to this one at which a read may resume. Default: any position. */
  readonly boundaryBefore?: ((position: number) => number) | undefined;
}

/**
 * Fills memory with the bytes of an object from `start` on, and resumes after a connection broke. Nothing is written to
 * the memory once this has settled.
 *
 * @returns how many bytes were read: fewer only if the object ends before
 * @throws (rejects) like `ObjectReads.open` and `Resumes.next`
 */
export async function readRange(memory: Uint8Array, start: number, terms: RangeTerms): Promise<number> {
  const { reads, calls, resumes, signal, boundaryBefore = (position) => position } = terms;
  let length = memory.length;
  for (let filled = 0; filled < length; ) {
    const part = await reads.open(calls, { start: start + filled, end: start + length });
    if (signal.aborted) discard(part.body);
    throwIfAborted(signal);
    length = part.end - start;
    if (length === 0) break;
    const { came, error } = await fill(memory.subarray(filled, length), part.body, terms);
    filled += came;
    if (filled === length) break;
    filled = Math.max(0, boundaryBefore(start + filled) - start);
    await resumes.next(error, start + filled, signal);
  }
  return length;
}

/** Resolves when the bytes are there, or the connection broke. @throws (rejects) the reason of an abort */
function fill(
  memory: Uint8Array,
  body: unknown,
  { stallAfter, signal }: RangeTerms,
): Promise<{ came: number; error?: unknown }> {
  return new Promise((resolve, reject) => {
    let came = 0;
    let settled = (): void => undefined;
    const settle = (act: () => void): void => {
      settled();
      act();
    };
    const part = new ObjectBody(body, memory.length, stallAfter, {
      wants: true,
      bytes: (chunk) => {
        memory.set(chunk, came);
        came += chunk.length;
        return true;
      },
      end: () => settle(() => resolve({ came })),
      broken: (error) => settle(() => resolve({ came, error })),
    });
    settled = onAbort(signal, () => {
      part.destroy();
      reject(signal.reason);
    });
  });
}
