import type { CommandLine } from '../../arguments/command-line.js';
import { storeSettings } from '../../arguments/store/store-settings.js';
import type { Invocation } from '../../invocation.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openStore } from '../../io/store/object-store.js';

/**
 * Does its work with the store that a command line names, and ends the connections to it behind that.
 *
 * @param work gets undefined if nothing on the line is in a store: then no code of it is loaded
 * @throws (rejects) CommandError with status 2 for wrong use, or like `openStore`; what the work rejects with
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
