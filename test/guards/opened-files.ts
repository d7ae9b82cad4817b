import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../support/run-process.js';

/**
 * Notes every module that Node loads, with a hook for `import` and one for `require`. Files of the built-in modules are
 * none.
 */
const WATCH = `
import Module from 'node:module';
import { appendFileSync } from 'node:fs';
const note = (url) => { if (!url.startsWith('node:')) appendFileSync(process.env.OPENED, url + '\\n'); };
const load = Module._extensions['.js'];
for (const ending of ['.js', '.cjs', '.json']) {
  const before = Module._extensions[ending] ?? load;
  Module._extensions[ending] = (module, file) => { note('file://' + file); return before(module, file); };
}
Module.register('data:text/javascript,' + encodeURIComponent(
  'import { appendFileSync } from "node:fs"; const note = ' + note +
  '; export const load = (url, context, next) => { note(url); return next(url, context); };'));
`;

/**
 * The files that `node WORDS…` loads modules from, each once, as sorted paths.
 *
 * @param notes a folder for what is noted
 */
export async function openedFiles(
  notes: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<string[]> {
  const watch = join(notes, 'watch.mjs');
  const list = join(notes, 'opened');
  await writeFile(watch, WATCH);
  await writeFile(list, '');
  const { status, stderr } = await runProcess(
    process.execPath,
    ['--no-warnings', '--import', watch, ...words],
    {
      cwd: options.cwd,
      env: { ...options.env, OPENED: list },
    },
  );
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  const urls = (await readFile(list, 'utf8')).split('\n').filter((url) => url.startsWith('file:'));
  return [...new Set(urls.map((url) => fileURLToPath(url)))].filter((path) => path !== watch).sort();
}
