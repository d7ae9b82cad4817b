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

/** What each of our files of metrics begins with. */
export const METRICS_START = '# HELP sealpipe_logs_';

/** What a file of metrics must keep away from. */
export interface MetricsLimits {
  /** The folder of the archive, which need not exist. */
  readonly directory: string;
  readonly input: Input;
  readonly assertFree: OutputCheck;
}

/**
 * Where a file of metrics is kept up to date. Only a file of metrics, or an empty one, is ever replaced. Whether it can be
 * written is not looked at.
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

/** The path with no symbolic link in what exists of it. */
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
    // What cannot be read is not ours: each of our files can be read by everybody.
    if (isSystemError(error)) return false;
    throw error;
  }
}
