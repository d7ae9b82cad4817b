import { join } from 'node:path';
import { optionsTypeError } from '../../errors.js';
import type { OptionNames } from '../../options.js';
import { printable } from '../../text/printable.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { FolderStore } from '../archive/archive-store.js';
import { folderOption } from '../archive/folder-option.js';
import { archivePrefix } from './archive-address.js';
import type { BucketTimes } from './bucket-store.js';
import { BucketStore } from './bucket-store.js';
import type { LogStoreOptions } from './store-options.js';
import { LOG_STORE_OPTIONS, logStore } from './store-options.js';

/** Where log archives are read: in a folder, or below a prefix of a bucket. */
export interface ArchiveSourceOptions extends LogStoreOptions {
  /** The folder that the writer was given: a path or a `file:` URL. It may hold several archives. Or else `store`. */
  readonly directory?: string | URL | undefined;
}

/** The same, checked. Nothing is opened yet. */
export interface ArchiveSource {
  /** What messages call it. */
  readonly name: string;
  /** The path of the folder; undefined for a bucket. */
  readonly directory: string | undefined;
  /** Where a file of an archive is, for people. */
  pathOf(archive: string, name: string): string;
  /** @param signal ends all requests to a bucket */
  open(signal: AbortSignal, times?: BucketTimes): ArchiveStore;
}

/** Their names. */
export const SOURCE_OPTIONS: OptionNames<ArchiveSourceOptions> = { ...LOG_STORE_OPTIONS, directory: true };

/** Where archives are. @throws TypeError `ERR_SEALPIPE_OPTIONS`, also for a folder and a bucket, or neither */
export function archiveSource({ directory, ...options }: ArchiveSourceOptions): ArchiveSource {
  const place = logStore(options);
  if (place === undefined) {
    if (directory === undefined)
      throw optionsTypeError('Give `directory` or `store`: where the archives are');
    const folder = folderOption(directory);
    return {
      name: printable(folder),
      directory: folder,
      pathOf: (archive, name) => join(folder, archive, name),
      open: () => new FolderStore(folder),
    };
  }
  if (directory !== undefined) {
    throw optionsTypeError('Give `directory` or `store`, not both: archives are read from one place');
  }
  const { address } = place;
  const url = `s3://${address.bucket}/`;
  return {
    name: printable(`${url}${address.prefix}`),
    directory: undefined,
    pathOf: (archive, name) => `${url}${archivePrefix(address, archive)}${name}`,
    open: (signal, times) => new BucketStore(place, signal, times),
  };
}
