import type { FileSystem, OpenFile } from '../../../src/file-system.js';

/** Something that was done to a file. */
export interface FileDeed {
  readonly call: 'open' | 'write' | 'datasync' | 'link';
  readonly path: string;
}

/** A file system that knows which files are open, and who waits for what was done to them. */
export function watchedFiles(
  files: FileSystem,
  after: (deed: FileDeed) => Promise<void> | undefined,
): { readonly files: FileSystem; readonly open: readonly string[] } {
  const open: string[] = [];
  const watched = (file: OpenFile, path: string): OpenFile => ({
    read: (memory, position) => file.read(memory, position),
    write: async (bytes, position) => {
      const written = await file.write(bytes, position);
      await after({ call: 'write', path });
      return written;
    },
    truncate: (length) => file.truncate(length),
    sync: () => file.sync(),
    datasync: async () => {
      await file.datasync();
      await after({ call: 'datasync', path });
    },
    facts: () => file.facts(),
    lock: () => file.lock(),
    takeRightsOf: (other) => file.takeRightsOf(other),
    close: async () => {
      await file.close();
      open.splice(open.indexOf(path), 1);
    },
  });
  return {
    open,
    files: {
      facts: (path) => files.facts(path),
      resolve: (path) => files.resolve(path),
      names: (folder) => files.names(folder),
      isNfs: (folder) => files.isNfs(folder),
      unlink: (path) => files.unlink(path),
      rename: (from, to) => files.rename(from, to),
      syncFolder: (folder) => files.syncFolder(folder),
      makeFolder: (path) => files.makeFolder(path),
      link: async (from, to) => {
        await files.link(from, to);
        await after({ call: 'link', path: to });
      },
      open: async (path, wish) => {
        const file = await files.open(path, wish);
        open.push(path);
        await after({ call: 'open', path });
        return watched(file, path);
      },
    },
  };
}
