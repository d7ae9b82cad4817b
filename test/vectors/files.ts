import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUITE_NAMES } from '../../src/suites.js';
import { OUR_KEYS } from './case-kit.js';
import { FAMILIES, FAMILY_NAMES, familyOf } from './families.js';
import type { Vector } from './form.js';
import { sha256Hex } from './form.js';
import type { JsonVector } from './json-form.js';
import { decodeVector, encodeKeys, encodeVector } from './json-form.js';

/** Where the files are. */
export const FOLDER = fileURLToPath(new URL('data', import.meta.url));
const INDEX = 'index.json';
const FORM = 'sealpipe test vectors, version 1';

interface FamilyFile {
  readonly keys: readonly { readonly name: string; readonly key: string }[];
  readonly vectors: readonly JsonVector[];
}

/** Every file by its name, with its text: the same for the same vectors. */
export function filesOf(vectors: readonly Vector[]): Map<string, string> {
  const families = FAMILY_NAMES.map((family) => {
    const members = vectors.filter(({ name }) => familyOf(name) === family);
    const head = { form: FORM, family, about: FAMILIES[family], keys: encodeKeys(OUR_KEYS) };
    const text = lines(
      head,
      'vectors',
      members.map((vector) => encodeVector(vector, OUR_KEYS)),
    );
    return { family, file: `${family}.json`, text, names: members.map(({ name }) => name) };
  });
  const suites = Object.fromEntries(
    SUITE_NAMES.map((suite, i) => [suite, { id: i + 1, mandatory: i === 0 }]),
  );
  const index = families.map(({ family, file, text, names }) => ({
    family,
    file,
    about: FAMILIES[family],
    sha256: sha256Hex(Buffer.from(text)),
    vectors: names.length,
    names,
  }));
  const head = { form: FORM, formatVersion: 1, suites, vectors: vectors.length };
  return new Map([
    [INDEX, lines(head, 'families', index)],
    ...families.map(({ file, text }) => [file, text] as const),
  ]);
}

/** Names and texts of the files that are kept, sorted. */
export function keptFiles(): Map<string, string> {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
  return new Map(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

/** Writes the files, and removes what is no longer made. */
export function keepFiles(files: ReadonlyMap<string, string>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const [name, text] of files) writeFileSync(join(FOLDER, name), text);
}

/** Every vector that is kept, in the order of the index; not those whose stream is not written out. */
export function keptVectors(): Vector[] {
  return FAMILY_NAMES.flatMap((family) => {
    const { keys, vectors } = readFamily(family);
    return vectors.flatMap((json) => decodeVector(json, keys) ?? []);
  });
}

/** A family as it stands in its file. */
export function readFamily(family: string): FamilyFile {
  return JSON.parse(readFileSync(join(FOLDER, `${family}.json`), 'utf8'));
}

/** JSON with one item of a list on each line, so that a change shows as the lines that changed. */
function lines(head: object, list: string, items: readonly object[]): string {
  const open = JSON.stringify(head).slice(0, -1);
  return `${open},"${list}":[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]}\n`;
}
