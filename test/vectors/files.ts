import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Vector } from './form.js';
import { decodeVector, encodeVector } from './text-form.js';

const FOLDER = fileURLToPath(new URL('data', import.meta.url));
const ENDING = '.vector';

/** The names of the vectors that are kept as files, sorted. */
export function vectorNames(): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .map((path) => path.slice(0, -ENDING.length))
    .sort();
}

export function vectorText(name: string): string {
  return readFileSync(pathOf(name), 'utf8');
}

/** Every vector that is kept as a file. */
export function keptVectors(): Vector[] {
  return vectorNames().map((name) => decodeVector(name, vectorText(name)));
}

/** Whether the file says the same. Compressed ones are compared as what they hold, since zlib's own output varies. */
export function isKept(vector: Vector): boolean {
  if (!existsSync(pathOf(vector.name))) return false;
  const text = vectorText(vector.name);
  const made = encodeVector(vector);
  return text === made || (isCompressed(text) && headOf(text) === headOf(made) && holdsSame(text, made));
}

/** Writes what differs, and removes what is no longer made. */
export function keepVectors(vectors: readonly Vector[]): void {
  const made = new Set(vectors.map(({ name }) => name));
  for (const name of vectorNames()) if (!made.has(name)) rmSync(pathOf(name));
  for (const vector of vectors) {
    if (isKept(vector)) continue;
    mkdirSync(dirname(pathOf(vector.name)), { recursive: true });
    writeFileSync(pathOf(vector.name), encodeVector(vector));
  }
}

function pathOf(name: string): string {
  return join(FOLDER, ...`${name}${ENDING}`.split('/'));
}

function headOf(text: string): string {
  return text.slice(0, text.indexOf('\n\n'));
}

function isCompressed(text: string): boolean {
  return headOf(text).includes('\ncompressed: zlib\n');
}

function holdsSame(a: string, b: string): boolean {
  return isDeepStrictEqual(decodeVector('', a), decodeVector('', b));
}
