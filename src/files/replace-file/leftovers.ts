import { ftruncateSync, rmSync } from 'node:fs';

/** Each with the descriptor by which it is emptied first: unlike the name, the descriptor always leads to the file. */
const paths = new Map<string, number | undefined>();

/**
 * Files and folders that must not outlive the command unless they get their final name: removed when it ends, however
 * it ends.
 */
export const leftovers = {
  /** @param fd open for writing until the path is deleted here, or added again without it */
  add: (path: string, fd?: number): void => {
    paths.set(path, fd);
  },
  delete: (path: string): void => {
    paths.delete(path);
  },
  /** Removes them now. Never throws. */
  remove: (): void => {
    for (const [path, fd] of paths) {
      attempt(() => fd !== undefined && ftruncateSync(fd, 0));
      attempt(() => rmSync(path, { recursive: true, force: true }));
    }
    paths.clear();
  },
} as const;

function attempt(step: () => unknown): void {
  try {
    step();
  } catch {
    // The process is ending: nothing can be reported.
  }
}
