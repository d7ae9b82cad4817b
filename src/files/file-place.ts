import type { BigIntStats } from 'node:fs';
import { constants, fstat } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { optionsTypeError } from '../errors.js';
import type { ReadableFile, WritableFile } from './byte-file.js';
import { descriptorFile } from './descriptor-file.js';

/**
 * A file to read or write: a path, a `file:` URL, or a FileHandle or descriptor that the caller has opened, which is
 * used at its current position and never closed. An abort cannot end a wait of the system: for the other end of a FIFO,
 * or for bytes or room in a pipe without O_NONBLOCK.
 */
export type FilePlace = string | URL | FileHandle | number;

/** The input of a run. */
export interface FileInput {
  readonly file: ReadableFile;
  readonly stats: BigIntStats;
  /** The current facts of the file. */
  look(): Promise<BigIntStats>;
  /** Present for a regular file that was opened here: its path, and a way to read it again. */
  readonly anew?: { readonly path: string; readonly file: () => ReadableFile } | undefined;
  /** Closes what was opened here. Never rejects. */
  close(): Promise<void>;
}

const fstatAsync = promisify(fstat);

/** Opens the input. @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS`; the error of the system */
export async function openFileInput(place: FilePlace): Promise<FileInput> {
  const given = openedBy(place);
  if (given !== undefined) {
    return { ...given, stats: await given.look(), close: async () => undefined };
  }
  const path = pathOf(place, 'input');
  const handle = await open(path, constants.O_RDONLY);
  const close = () => handle.close().catch(() => undefined);
  try {
    const look = () => handle.stat({ bigint: true });
    const stats = await look();
    const anew = stats.isFile() ? { path, file: () => fromStart(handle) } : undefined;
    return { file: handle, look, stats, anew, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A file from its first byte on, independent of its current position. */
function fromStart(handle: FileHandle): ReadableFile {
  let position = 0;
  return {
    async readv(views) {
      const { bytesRead } = await handle.readv(views, position);
      position += bytesRead;
      return { bytesRead };
    },
  };
}

/** A file that the caller has opened. */
export interface OpenedFile {
  readonly file: ReadableFile & WritableFile;
  look(): Promise<BigIntStats>;
}

/** The file of a FileHandle or a descriptor; undefined for a place that must be opened first. */
export function openedBy(place: FilePlace): OpenedFile | undefined {
  if (typeof place === 'number') {
    if (!Number.isInteger(place) || place < 0) throw optionsTypeError('A descriptor must be a whole number');
    return { file: descriptorFile(place), look: () => fstatAsync(place, { bigint: true }) };
  }
  if (!isFileHandle(place)) return undefined;
  return { file: place, look: () => place.stat({ bigint: true }) };
}

/** The path of a place that must be opened. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function pathOf(place: unknown, what: 'input' | 'output'): string {
  if (typeof place === 'string' && place !== '' && !place.includes('\0')) return place;
  const { href, protocol } = (place ?? {}) as Partial<URL>;
  if (typeof href === 'string' && protocol === 'file:') return fileURLToPath(href);
  throw optionsTypeError(`The ${what} must be a path, a file: URL, a FileHandle or a descriptor`);
}

/** Recognised by its shape. */
function isFileHandle(value: unknown): value is FileHandle {
  if (typeof value !== 'object' || value === null) return false;
  const methods = value as Record<string, unknown>;
  return ['stat', 'readv', 'writev'].every((name) => typeof methods[name] === 'function');
}
