import { SealpipeError } from '../../errors.js';

/** Why a file is not written, beyond what the system says. */
export type FileFault =
  | 'exists'
  | 'dangling-link'
  | 'foreign-link'
  | 'foreign-fifo'
  | 'many-links'
  | 'mount-point'
  | 'folder-moved'
  | 'changed'
  | 'is-folder'
  | 'name-not-durable';

/** What is known of an error. */
export interface KnownFault {
  readonly fault: FileFault;
  /** The link at fault, or where it leads. */
  readonly link?: string | undefined;
}

const known = new WeakMap<object, KnownFault>();

/** What the error of an output is about; undefined for the system's own errors and any other. */
export function fileFaultOf(error: unknown): KnownFault | undefined {
  return typeof error === 'object' && error !== null ? known.get(error) : undefined;
}

/** What was to be made already exists, and nothing was changed. */
export function outputExists(path: string, link?: string): SealpipeError {
  const why = link === undefined ? '' : `: it is a symbolic link to ${link}, which does not exist`;
  const error = new SealpipeError('ERR_SEALPIPE_EXISTS', `${path} already exists${why}`);
  return marked(error, { fault: link === undefined ? 'exists' : 'dangling-link', link });
}

/** The code and system call by which each refusal is known: what the system itself would answer in its place. */
const LIKE_SYSTEM = {
  'foreign-link': ['EACCES', 'open', 'the symbolic link LINK belongs to another user'],
  'foreign-fifo': ['EACCES', 'open', 'this FIFO belongs to another user'],
  'many-links': ['ELOOP', 'open', 'too many symbolic links'],
  'mount-point': ['EBUSY', 'rename', 'something is mounted there'],
  changed: ['ESTALE', 'open', 'something else took its place while it was written'],
  'is-folder': ['EISDIR', 'open', 'illegal operation on a directory'],
  'folder-moved': ['ESTALE', 'rename', 'its folder was moved or replaced while it was written'],
} as const;

/** An error like the system's. */
export function refusal(
  fault: keyof typeof LIKE_SYSTEM,
  path: string,
  { link, cause }: { readonly link?: string; readonly cause?: unknown } = {},
): Error {
  const [code, syscall, words] = LIKE_SYSTEM[fault];
  const text = words.replace('LINK', () => link ?? path);
  const error = new Error(`${code}: ${text}, ${syscall} '${path}'`, cause === undefined ? {} : { cause });
  return marked(Object.assign(error, { code, syscall, path }), { fault, link });
}

/** The same error, with what is known of it. */
export function marked<E extends Error>(error: E, fault: KnownFault): E {
  known.set(error, fault);
  return error;
}
