import type { CommandLine } from '../../arguments/command-line.js';
import { storeSettings } from '../../arguments/store/store-settings.js';
import type { Invocation } from '../../invocation.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openStore } from '../../io/store/object-store.js';

/**
 * Works with the store that a command line names, and closes the connections to it afterwards.
 *
 * @param work receives undefined if the line names nothing in a store; then no code for stores is loaded
 * @throws (rejects) CommandError with status 2 for wrong use, or like `openStore`; the error of the work
 */
export async function withStore<T>(
  line: CommandLine,
  invocation: Invocation,
  work: (store: ObjectStore | undefined) => Promise<T>,
): Promise<T> {
  const settings = storeSettings(line);
  const store = settings && (await openStore(settings, invocation));
  try {
    return await work(store);
  } finally {
    store?.close();
  }
}
