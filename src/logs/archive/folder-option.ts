import { fileURLToPath } from 'node:url';
import { optionsTypeError } from '../../errors.js';

/** The path of the folder that an option names. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function folderOption(directory: unknown): string {
  if (typeof directory === 'string' && directory.startsWith('s3://')) {
    throw optionsTypeError('`directory` is a folder: an s3://bucket/prefix goes into `store`');
  }
  if (typeof directory === 'string' && directory !== '' && !directory.includes('\0')) return directory;
  const { protocol, href } = (directory ?? {}) as { protocol?: unknown; href?: unknown };
  if (protocol === 'file:' && typeof href === 'string') {
    try {
      return fileURLToPath(href);
    } catch {
      throw optionsTypeError('`directory` is a `file:` URL that names no file of this machine');
    }
  }
  throw optionsTypeError('`directory` must be a path or a `file:` URL');
}
