import { failureOf, gravestOf } from '../exit-status.js';
import type { Invocation } from '../invocation.js';
import type { NamedInput } from '../io/store/named-inputs.js';
import { areSeveralInputs, namedInputs } from '../io/store/named-inputs.js';
import type { ObjectStore } from '../io/store/object-store.js';
import type { Message } from '../terminal/command-error.js';
import { CommandError } from '../terminal/command-error.js';
import { SEALED_TROUBLE } from '../terminal/messages/sealed.js';

/** How failures are handled. */
export interface FailureHandling {
  /** Called with each failure of an input. */
  readonly tell?: (name: string, error: unknown) => Promise<void>;
  /** Whether an error is a failure of the output, which ends the run. */
  readonly isOfOutput?: (error: unknown) => boolean;
}

/**
 * Does the same with each file or object, even if others fail.
 *
 * @throws the failure of a single file or of the output; of several files, a CommandError with the status of all
 */
export async function eachFile(
  operands: readonly string[],
  { terminal, signal }: Invocation,
  store: ObjectStore | undefined,
  work: (input: NamedInput) => Promise<void>,
  { tell = async () => undefined, isOfOutput = () => false }: FailureHandling = {},
): Promise<void> {
  if (!areSeveralInputs(operands)) {
    const [name] = operands as [string];
    try {
      return await work({ name, isFound: false });
    } catch (error) {
      if (!signal.aborted && !isOfOutput(error)) await tell(name, error);
      throw error;
    }
  }
  const statuses: number[] = [];
  let count = 0;
  const attempt = async (name: string, doIt: () => Promise<void>): Promise<void> => {
    try {
      await doIt();
    } catch (error) {
      if (signal.aborted || isOfOutput(error)) throw error;
      const failure = failureOf(error);
      statuses.push(failure.status);
      terminal.fail({ what: withName(name, failure), hint: failure.hint }, error);
      await tell(name, error);
    }
  };
  for (const operand of operands) {
    await attempt(operand, async () => {
      for await (const input of namedInputs(operand, store, signal)) {
        const { name, error } = input;
        count += 1;
        await attempt(name, () => (error === undefined ? work(input) : Promise.reject(error)));
      }
    });
  }
  const status = gravestOf(statuses);
  if (status === undefined) return;
  throw new CommandError(status, SEALED_TROUBLE.ofSeveral(statuses.length, count));
}

/** The message of a failure with the name of its file, which it may already have. */
export function withName(name: string, { what, subject }: Message): string {
  return subject === name ? what : SEALED_TROUBLE.at(name, what);
}
