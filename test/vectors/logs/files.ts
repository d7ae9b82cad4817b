import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY_NAME, WRAPPING_KEY } from '../material.js';
import { archiveCases } from './archive-cases.js';
import { ARCHIVE } from './archive-parts.js';
import { unitCases } from './unit-cases.js';

/** Where the files are. */
export const FOLDER = fileURLToPath(new URL('data', import.meta.url));
const FORM = 'sealpipe log vectors, version 1';

/** A unit in `units.json`. */
export interface JsonUnit {
  readonly name: string;
  readonly encoding: 'stored' | 'gzip' | 'zstd';
  readonly expect: string;
  /** Base64. */
  readonly unit: string;
}

/** An archive, which has a file of its own. */
export interface JsonArchive {
  readonly name: string;
  readonly comment: string;
  readonly expect: string;
  readonly lines: readonly string[];
  readonly tail: {
    readonly segment: number;
    readonly offset: number;
    readonly unread: number;
    readonly damaged: boolean;
  } | null;
  readonly needs?: string;
  readonly range?: { readonly since: number; readonly until: number; readonly lines: readonly string[] };
  readonly checkpoint?: {
    readonly archive: string;
    readonly index: number;
    readonly offset: number;
    readonly digest: string;
    readonly records: number;
    readonly closed: boolean;
  };
  readonly archive: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Every file by its name, with its text. */
export function logFiles(): Map<string, string> {
  const units = unitCases().map(({ unit, ...rest }) =>
    JSON.stringify({ ...rest, unit: unit.toString('base64') }),
  );
  const files = new Map([['units.json', `{"form":"${FORM}","units":[\n${units.join(',\n')}\n]}\n`]]);
  for (const {
    name,
    comment,
    files: segments,
    lines,
    expect,
    tail,
    range,
    checkpoint,
    needs,
  } of archiveCases()) {
    const json = {
      form: FORM,
      name,
      comment,
      expect,
      lines: lines.map(base64),
      tail: tail ?? null,
      ...(needs !== undefined && { needs }),
      ...(range !== undefined && { range: { ...range, lines: range.lines.map(base64) } }),
      ...(checkpoint !== undefined && { checkpoint: { archive: ARCHIVE, ...checkpoint } }),
      keys: [{ name: KEY_NAME, key: WRAPPING_KEY.toString('hex') }],
      archive: ARCHIVE,
      files: Object.fromEntries(segments.map(({ name: file, stream }) => [file, stream.toString('base64')])),
    };
    files.set(`${name.replace('archive/', '')}.json`, `${JSON.stringify(json, null, 1)}\n`);
  }
  return files;
}

/** Names and texts of the files that are kept. */
export function keptLogFiles(): Map<string, string> {
  return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

/** Writes the files, and removes what is no longer made. */
export function keepLogFiles(files: ReadonlyMap<string, string>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const [name, text] of files) writeFileSync(join(FOLDER, name), text);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
