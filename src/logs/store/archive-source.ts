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

/** The place of log archives to read: a folder, or a prefix of a bucket. */
export interface ArchiveSourceOptions extends LogStoreOptions {
  /** The folder of the writer: a path or a `file:` URL. It may hold several archives. Not with `store`. */
  readonly directory?: string | URL | undefined;
}

/** The checked options. Nothing is opened yet. */
export interface ArchiveSource {
  /** Its name in messages. */
  readonly name: string;
  /** The path of the folder; undefined for a bucket. */
  readonly directory: string | undefined;
  /** The place of a file of an archive, for messages. */
  pathOf(archive: string, name: string): string;
  /** @param signal ends all requests to a bucket */
  open(signal: AbortSignal, times?: BucketTimes): ArchiveStore;
}

/** The names of these options. */
export const SOURCE_OPTIONS: OptionNames<ArchiveSourceOptions> = { ...LOG_STORE_OPTIONS, directory: true };

/**
 * Checks the place of archives. @throws TypeError `ERR_SEALPIPE_OPTIONS`, also if both a folder and a bucket are given,
 * or neither
 */
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
