import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { keyFrom } from '../../src/keys/key-from.js';
import type { LogReaderOptions } from '../../src/logs/index.js';
import { openLogReader } from '../../src/logs/index.js';
import { KEY_TEXT } from '../cli/support/running.js';
import { tempFolder } from '../support/temp-folder.js';
import { blocksIn, blocksOf, writtenFiles } from './page-blocks.js';
import { pageAt, sectionOf } from './pages.js';
import { installHere } from './snippet-runs.js';

/** The page whose forms are run. */
export const page = pageAt('docs/logs-operations.md');
/** The blocks of one of its sections in a language. */
export const codeOf = (title: string, language: string) =>
  blocksIn(blocksOf(page.path, sectionOf(page, title)), [language]).map(({ code }) => code);
export const scripts = writtenFiles(codeOf('Beside a service', 'sh')[0] ?? '');
export const [unit = ''] = codeOf('systemd', 'ini');
export const [dockerfile = ''] = codeOf('Docker', 'dockerfile');
export const [compose = ''] = codeOf('Docker', 'yaml');
export const [statefulSet = '', sidecar = ''] = codeOf('Kubernetes', 'yaml');

/** What the rest of a line says behind each occurrence of a word. */
export const allBehind = (text: string, word: string) =>
  text.split('\n').flatMap((line) => {
    const at = line.indexOf(word);
    return at < 0 ? [] : [line.slice(at + word.length).replace(/[" }]+$/, '')];
  });
/** The first of them. */
export const behind = (text: string, word: string) => allBehind(text, word)[0] ?? `no ${word}`;

/** Where sealpipe is installed, with a key in `key`, and what the page has a user write in `bin`. */
export async function place() {
  const folder = await tempFolder();
  installHere(folder);
  await writeFile(join(folder, 'key'), KEY_TEXT, { mode: 0o600 });
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, text] of scripts) await writeScript(bin, name, text);
  const path = [bin, join(folder, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_(?!SDK_JS_)|SEALPIPE_)/.test(name));
  return { folder, bin, env: { ...Object.fromEntries(own), PATH: path } };
}

/** Writes an executable file. */
export async function writeScript(folder: string, name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}

/** The lines of the archives at a place: those that a power cut could not take away any more. */
export async function linesAt(
  where: Pick<LogReaderOptions, 'directory' | 'store' | 'clientConfig'>,
  folder: string,
) {
  const lines: string[] = [];
  const key = await keyFrom(`file:${join(folder, 'key')}`);
  for await (const { line } of await openLogReader({ ...where, keys: key })) lines.push(line.toString());
  return lines;
}
