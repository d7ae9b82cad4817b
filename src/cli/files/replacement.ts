import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import { closable } from './closing.js';
import { leftovers } from './leftovers.js';
import type { Output } from './output.js';

/** How a file is to come into being. */
export interface ReplacementTerms {
  readonly mode: number;
  /** Whether a file of that name may be replaced. */
  readonly force: boolean;
  /** Aborted: the file does not get its name. */
  readonly signal: AbortSignal;
}

const PRIVATE = 0o600;
const MOST_LINKS = 40;
const POSIX = process.platform !== 'win32';
/** What file systems without hard links answer to one. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];
const NO_DIRECTORY_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM'];

/**
 * A file that takes its name when it is whole: written under another one beside it, for its owner alone, made durable,
 * and renamed. A symbolic link stays, and what it points to is replaced.
 */
export async function openReplacement(
  path: string,
  { mode, force, signal }: ReplacementTerms,
): Promise<Output> {
  const target = await linkTarget(path);
  const folder = dirname(target);
  const temporary = join(folder, `.sealpipe-${randomBytes(12).toString('hex')}.tmp`);
  leftovers.add(temporary);
  const handle = await open(temporary, 'wx', PRIVATE);
  const { stream, close } = closable(handle);
  const remove = async () => {
    await rm(temporary, { force: true }).catch(() => undefined);
    leftovers.delete(temporary);
  };
  return {
    name: path,
    file: handle,
    stream,
    isSeenAtOnce: false,
    async commit() {
      try {
        await handle.sync();
        if (POSIX) await handle.chmod(mode);
        await close();
        signal.throwIfAborted();
        await (force ? rename(temporary, target) : takeFreeName(temporary, target, path));
        leftovers.delete(temporary);
        await syncFolder(folder);
      } catch (error) {
        await remove();
        if (!isSystemError(error)) throw error;
        throw new Failure(EXIT.other, TROUBLE.cannotWrite(path, reason(error)), error);
      }
    },
    async discard() {
      await close().catch(() => undefined);
      await remove();
    },
  };
}

/** Gives a file its name unless someone else took it meanwhile: a hard link is made only where there is no such name. */
async function takeFreeName(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') throw new Failure(EXIT.other, TROUBLE.exists(path), error);
    if (!NO_HARD_LINKS.includes(error.code ?? '')) throw error;
    if (await isThere(target)) throw new Failure(EXIT.other, TROUBLE.exists(path), error);
    await rename(temporary, target);
    return;
  }
  await rm(temporary);
}

/** What a path names in the end, whether it is there or not. */
async function linkTarget(path: string): Promise<string> {
  let current = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    current = join(await realpath(dirname(current)), basename(current));
    const next = await readlink(current).catch(() => undefined);
    if (next === undefined) return current;
    current = resolve(dirname(current), next);
  }
  throw new Failure(EXIT.other, TROUBLE.manyLinks(path));
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Makes the new name durable, where the system has a way. */
async function syncFolder(folder: string): Promise<void> {
  if (!POSIX) return;
  try {
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!isSystemError(error) || !NO_DIRECTORY_SYNC.includes(error.code ?? '')) throw error;
  }
}
