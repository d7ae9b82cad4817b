import { SealpipeError } from '../../errors.js';

/** Reasons not to write a file, besides errors of the system. */
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

/** Details of an error. */
export interface KnownFault {
  readonly fault: FileFault;
  /** The link at fault, or where it leads. */
  readonly link?: string | undefined;
}

const known = new WeakMap<object, KnownFault>();

/** The details of an output error; undefined for any other error. */
export function fileFaultOf(error: unknown): KnownFault | undefined {
  return typeof error === 'object' && error !== null ? known.get(error) : undefined;
}

/** The file to create already exists, and nothing was changed. */
export function outputExists(path: string, link?: string): SealpipeError {
  const why = link === undefined ? '' : `: it is a symbolic link to ${link}, which does not exist`;
  const error = new SealpipeError('ERR_SEALPIPE_EXISTS', `${path} already exists${why}`);
  return marked(error, { fault: link === undefined ? 'exists' : 'dangling-link', link });
}

/** The code and system call of each refusal: those of the error that the system would give. */
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

/** Adds details to an error. */
export function marked<E extends Error>(error: E, fault: KnownFault): E {
  known.set(error, fault);
  return error;
}
