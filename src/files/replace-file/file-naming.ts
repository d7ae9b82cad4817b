import { link, lstat, rename } from 'node:fs/promises';
import { isSystemError } from '../../system-error.js';
import { outputExists, refusal } from './file-fault.js';

/** The errors of file systems without hard links. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/**
 * Gives a file its name. Without `force`, fails if the name was taken before: a hard link is made only if the name is
 * free.
 *
 * @param path its name in messages
 * @returns whether that removed its other name
 * @throws SealpipeError `ERR_SEALPIPE_EXISTS` if the name is taken; the error of the system
 */
export async function nameFile(
  from: string,
  to: string,
  { path, force }: { readonly path: string; readonly force: boolean },
): Promise<boolean> {
  if (!force && (await linked(from, to, path))) return false;
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EBUSY') throw error;
    throw refusal('mount-point', path, { cause: error });
  }
}

/** @returns false if the file system has no hard links; then the name is free */
async function linked(from: string, to: string, path: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A response of the server was lost: this call itself created the name.
    if (error.code === 'EEXIST' && (await isSame(from, to))) return true;
    if (error.code === 'EEXIST') throw outputExists(path);
    if (!NO_HARD_LINKS.includes(error.code ?? '')) throw error;
    if (await isThere(to)) throw outputExists(path);
    return false;
  }
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => lstat(path, { bigint: true })));
  return one?.dev === other?.dev && one?.ino === other?.ino;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
