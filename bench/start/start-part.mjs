// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ratioFigure, targetText } from '../figures.mjs';
import { runCommand } from '../files/command-run.mjs';
import { range, row } from '../report/columns.mjs';
import { median, ratios } from '../statistics.mjs';
import { atMost } from '../targets.mjs';
import { buildFirstRelease, COMMIT } from './first-release.mjs';

const ROUNDS = 11;
const WIDTHS = [52, 8, 15, 16];
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} Side one of the two packages
 * @property {string} entry
 * @property {string} command
 * @property {readonly string[]} output options that say where the command writes to
 * @property {string} home of its embedded KMS
 */

/**
 * How long the package takes to start, less the time of `node -e 0`, and the peak memory of its command, in turn with
 * the package of {@link COMMIT}.
 *
 * @param {import('../report/part.mjs').Say} say
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function startPart(say) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-bench-'));
  try {
    const first = join(folder, COMMIT);
    mkdirSync(first);
    const why = buildFirstRelease(first);
    if (why !== undefined) return { figures: [], leftOut: [`start: ${why}`] };
    writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
    writeFileSync(join(folder, 'plain'), Buffer.alloc(1_024, 1));
    const ours = side(folder, 'ours', join(root, 'dist/index.js'), join(root, 'dist/sealpipe.js'));
    const theirs = side(folder, 'theirs', join(first, 'dist/index.js'), join(first, 'dist/cli/main.js'));
    say(`time above node -e 0, beside ${COMMIT}, medians of ${ROUNDS} rounds in turn\n`);
    say(row(['', 'ratio', 'p5 – p95', 'target'], WIDTHS));
    const sealing = [join(folder, 'plain')];
    const keyed = ['-k', `file:${join(folder, 'key')}`, ...sealing];
    const figures = [];
    for (const [name, target, words] of /** @type {const} */ ([
      ['import', 'startImport', (/** @type {Side} */ { entry }) => [entry]],
      [
        'the command with a file key',
        'startKey',
        (/** @type {Side} */ { command, output }) => [command, 'encrypt', ...keyed, ...output],
      ],
      [
        'the command with the embedded KMS',
        'startKms',
        (/** @type {Side} */ { command, output }) => [command, 'encrypt', '-q', ...sealing, ...output],
      ],
    ])) {
      const runs = await inTurn(ours, theirs, words);
      const empty = median(runs.empty.map(({ seconds }) => seconds));
      const above = (/** @type {'ours' | 'theirs'} */ who) => runs[who].map(({ seconds }) => seconds - empty);
      figures.push(ratioFigure(`start: ${name}`, ratios(above('ours'), above('theirs')), atMost(target)));
      if (target !== 'startKey') continue;
      const peaks = ratios(
        runs.ours.map(({ peak }) => peak),
        runs.theirs.map(({ peak }) => peak),
      );
      figures.push(ratioFigure('start: peak memory of the command', peaks, atMost('startMemory')));
    }
    for (const figure of figures)
      say(row([figure.name, figure.value, range(figure), targetText(figure)], WIDTHS));
    return { figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} module
 * @param {string} command
 * @returns {Side}
 */
function side(folder, name, module, command) {
  const entry = join(folder, `${name}.mjs`);
  writeFileSync(entry, `import ${JSON.stringify(pathToFileURL(module).href)};\n`);
  const home = join(folder, `${name}-home`);
  const words = [command, 'kms', 'create-key', '--alias', 'alias/default', '-q'];
  const made = spawnSync(process.execPath, words, { env: environment(home), encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no key could be made: ${made.stderr}`);
  return { entry, command, output: ['-f', '-o', join(folder, `${name}.sealed`)], home };
}

/** @param {string} home */
function environment(home) {
  return { ...process.env, SEALPIPE_HOME: home, SEALPIPE_KEY: undefined };
}

/**
 * @param {Side} ours
 * @param {Side} theirs
 * @param {(side: Side) => readonly string[]} words
 */
async function inTurn(ours, theirs, words) {
  const start = (/** @type {Side} */ who) =>
    runCommand([process.execPath, ...words(who)], { environment: environment(who.home) });
  const runs = {
    empty: () => runCommand([process.execPath, '-e', '0'], { environment: process.env }),
    ours: () => start(ours),
    theirs: () => start(theirs),
  };
  /** @type {Record<keyof typeof runs, import('../files/command-run.mjs').CommandRun[]>} */
  const found = { empty: [], ours: [], theirs: [] };
  const order = /** @type {(keyof typeof runs)[]} */ (Object.keys(runs));
  for (const name of order) await runs[name](); // so that everything is read from the disk before
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of order) found[name].push(await runs[name]());
    order.reverse();
  }
  return found;
}
