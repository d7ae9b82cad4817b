import type { BigIntStats } from 'node:fs';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isSameFile, MOST_LINKS } from '../../../file-system.js';
import { fileId } from '../../io/descriptors/file-kind.js';
import { kmsFolder } from './embedded-kms.js';

/**
 * Whether an output would be an existing or a new file in the folder of the embedded KMS, also through symbolic and
 * hard links.
 *
 * @param stats of the existing file
 * @param path of the output, or of the file that a descriptor leads to
 */
export async function isInEmbeddedKms(
  env: NodeJS.ProcessEnv,
  stats: BigIntStats | undefined,
  path: string | undefined,
): Promise<boolean> {
  const folder = await realFolder(env);
  if (folder === undefined) return false;
  const place = path === undefined ? undefined : await folderOf(path);
  if (place === folder || place?.startsWith(`${folder}${sep}`)) return true;
  return stats?.isFile() === true && stats.nlink > 1n && (await holds(folder, stats));
}

async function realFolder(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    return await realpath(kmsFolder(env));
  } catch {
    // It does not exist, or its place is unknown.
    return undefined;
  }
}

/** The folder of an existing or new file, with symbolic links resolved, or undefined. */
async function folderOf(path: string): Promise<string | undefined> {
  let current = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await realpath(dirname(current)).catch(() => undefined);
    if (folder === undefined) return undefined;
    const next = await readlink(join(folder, basename(current))).catch(() => undefined);
    if (next === undefined) return folder;
    current = resolve(folder, next);
  }
  return undefined;
}

/** Whether a file below a folder is this file under another name. */
async function holds(folder: string, stats: BigIntStats): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && (await holds(path, stats))) return true;
    const found = entry.isFile() ? await stat(path, { bigint: true }).catch(() => undefined) : undefined;
    if (found !== undefined && isSameFile(fileId(found), fileId(stats))) return true;
  }
  return false;
}
