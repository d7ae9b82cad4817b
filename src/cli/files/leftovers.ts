import { rmSync } from 'node:fs';

const paths = new Set<string>();

/** Files and folders that must not outlive the command unless they get their real name: removed at its end, whatever ends it. */
export const leftovers = {
  add: (path: string): void => {
    paths.add(path);
  },
  delete: (path: string): void => {
    paths.delete(path);
  },
  /** Removes them now. Never throws. */
  remove: (): void => {
    for (const path of paths) {
      try {
        rmSync(path, { recursive: true, force: true });
      } catch {
        // There is nobody left to tell.
      }
    }
    paths.clear();
  },
} as const;
