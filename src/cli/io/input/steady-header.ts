import { interruptedRewrap, mayBeTorn } from '../../../files/interrupted-rewrap.js';
import type { ReadHeader } from './header.js';
import { readInputHeader } from './header.js';
import type { Input } from './input.js';
import { openInput } from './input.js';

/** An input whose header was read. */
export interface HeadedInput {
  readonly input: Input;
  readonly head: ReadHeader;
}

/**
 * Reads the header of an input. That of a file may be re-wrapped meanwhile: where it is malformed it is read once more,
 * from a file that is opened anew. The caller closes the input of the answer; if there is none, its own.
 *
 * @throws (rejects) like `readInputHeader`; SealpipeError `ERR_SEALPIPE_LOCKED` if the journal of a re-wrap lies beside FILE
 */
export async function steadyHeader(
  operand: string | undefined,
  input: Input,
  signal: AbortSignal,
): Promise<HeadedInput> {
  try {
    return { input, head: await readInputHeader(input, signal) };
  } catch (error) {
    if (operand === undefined || operand === '-' || input.size === undefined || !mayBeTorn(error))
      throw error;
    const again = await openInput(operand);
    try {
      const head = await readInputHeader(again, signal);
      await input.close();
      return { input: again, head };
    } catch (second) {
      await again.close();
      throw await blamed(operand, second);
    }
  }
}

/** The error, or that a re-wrap of FILE was interrupted where that may be why. */
export async function blamed(operand: string | undefined, error: unknown): Promise<unknown> {
  if (operand === undefined || operand === '-' || !mayBeTorn(error)) return error;
  return (await interruptedRewrap(operand, error)) ?? error;
}
