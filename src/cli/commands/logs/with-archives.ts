import type { VerifyArchiveOptions } from '../../../logs/index.js';
import type { CommandLine } from '../../arguments/command-line.js';
import type { NamedArchives } from '../../arguments/values/archive-operand.js';
import { archivePlace } from '../../arguments/values/archive-operand.js';
import type { Invocation } from '../../invocation.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { withStore } from '../store/with-store.js';

/** The log archives that a command line names, and how to open them. */
export interface ArchivesPlace extends NamedArchives {
  /** The options that tell the library their place. */
  readonly where: Pick<VerifyArchiveOptions, 'directory' | 'store' | 'client' | 'archive'>;
  /** Undefined for a folder. */
  readonly store: ObjectStore | undefined;
}

/**
 * Works with the log archives that the first operand names, in a folder or a bucket.
 *
 * @throws (rejects) like `withStore`
 */
export function withArchives<T>(
  line: CommandLine,
  invocation: Invocation,
  work: (place: ArchivesPlace) => Promise<T>,
): Promise<T> {
  const named = archivePlace(line.operands[0]!);
  const { name, archive } = named;
  return withStore(line, invocation, (store) => {
    const where = store === undefined ? { directory: name } : { store: name, client: store.client };
    return work({ ...named, store, where: { ...where, archive } });
  });
}

/** The archives of a folder, for a command that does not work on buckets. */
export function inFolder(directory: string, archive?: string): ArchivesPlace {
  return { name: directory, isStored: false, archive, store: undefined, where: { directory, archive } };
}
