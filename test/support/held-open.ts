import { existsSync, readdirSync, readlinkSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fd';

/** Whether the system lists the files that this process holds open. */
export const LISTS_OPEN_FILES = existsSync(DESCRIPTORS);

/** Whether this process holds the file of a path open. The path must be free of symbolic links. */
export function isHeldOpen(path: string): boolean {
  return readdirSync(DESCRIPTORS).some((descriptor) => target(descriptor) === path);
}

function target(descriptor: string): string | undefined {
  try {
    return readlinkSync(`${DESCRIPTORS}/${descriptor}`);
  } catch {
    // The descriptor that read the folder is closed by now.
    return undefined;
  }
}
