import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const FOLDERS = ['aliases', 'keys', 'materials'] as const;

/** The paths of all files of a KMS in a directory, or of one folder of it. */
export async function filesOf(directory: string, folders: readonly string[] = FOLDERS): Promise<string[]> {
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(directory, folder))).map((name) => join(directory, folder, name)),
    ),
  );
  return names.flat();
}
