import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isSameFile } from '../../../file-system.js';
import { isSystemError } from '../../../system-error.js';
import { misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { METRICS_USAGE } from '../../terminal/messages/metrics.js';
import { fileId } from '../descriptors/file-kind.js';
import type { Input } from '../input/input.js';
import type { OutputCheck } from '../output/output.js';

/** The beginning of all of our metrics files. */
export const METRICS_START = '# HELP sealpipe_logs_';

/** Places in which a metrics file must not be. */
export interface MetricsLimits {
  /** The folder of the archive, which need not exist. */
  readonly directory: string;
  readonly input: Input;
  readonly assertFree: OutputCheck;
}

/**
 * Checks the place of a metrics file. Only a metrics file of ours or an empty file may be replaced. Whether it can be
 * written is not checked.
 *
 * @returns its path, with no symbolic link at its end
 * @throws (rejects) CommandError with status 2
 */
export async function metricsPlace(
  name: string,
  { directory, input, assertFree }: MetricsLimits,
): Promise<string> {
  const place = await realPath(resolve(name));
  const below = relative(await realPath(resolve(directory)), place);
  if (!isAbsolute(below) && below !== '..' && !below.startsWith(`..${sep}`)) {
    throw misuse(METRICS_USAGE.inArchive(name, directory));
  }
  const stats = await stat(place, { bigint: true }).catch(() => undefined);
  await assertFree(name, stats, place);
  if (stats === undefined) return place;
  if (isSameFile(fileId(stats), input.fileId)) throw misuse(FILE_TROUBLE.sameFile(input.name, name));
  if (!stats.isFile() || !(await isOurs(place, stats))) throw misuse(METRICS_USAGE.notOurs(name));
  return place;
}

/** The path without symbolic links in its existing part. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realPath(above), basename(path));
  }
}

async function isOurs(path: string, { size }: BigIntStats): Promise<boolean> {
  if (size === 0n) return true;
  try {
    const handle = await open(path, constants.O_RDONLY);
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(METRICS_START.length),
        0,
        METRICS_START.length,
        0,
      );
      return buffer.toString('latin1', 0, bytesRead) === METRICS_START;
    } finally {
      await handle.close();
    }
  } catch (error) {
    // An unreadable file is not ours: everybody can read our files.
    if (isSystemError(error)) return false;
    throw error;
  }
}
