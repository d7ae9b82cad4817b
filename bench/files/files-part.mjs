// @ts-check
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { formatSize } from '../sizes.mjs';
import { runCommand } from './command-run.mjs';
import { FILE_HEAD, fileFindings, isFromMemoryToMemory } from './file-figures.mjs';
import { fileRounds } from './file-rounds.mjs';
import { checkTool, readThrough, writeRandomFile } from './test-files.mjs';
import { tools } from './tools.mjs';

/** @typedef {import('./file-rounds.mjs').Direction} Direction */
/** @typedef {import('./file-rounds.mjs').Entrant} Entrant */
/** @typedef {import('../report/part.mjs').Findings} Findings */
/** @typedef {import('../report/part.mjs').Say} Say */

/** TMPFS_MAGIC of statfs(2). */
const TMPFS = 0x0102_1994;
/** The tools that run more rounds than others from file to file in memory. */
const COMPARED = new Set(['sealpipe', 'age']);
const COMPARED_ROUNDS = 9;

/**
 * @typedef {object} Context
 * @property {Say} say
 * @property {string} folder
 * @property {NodeJS.ProcessEnv} environment
 * @property {number} size of the plaintext
 * @property {number} rounds
 * @property {readonly boolean[]} toFile
 * @property {boolean} inMemory the folder is in memory
 */

/**
 * Our command from file to file, beside others.
 *
 * @param {Say} say
 * @param {{ size: number, folder: string | undefined, targets: boolean }} options `targets`: only what the targets name
 * @returns {Promise<Findings>}
 */
export async function filesPart(say, { size, folder: parent = tmpdir(), targets }) {
  if (process.platform === 'win32') return { figures: [], leftOut: ['the files: there is no /dev/null'] };
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  try {
    const { tools: all, leftOut } = tools(folder);
    const chosen = targets ? all.filter(({ name }) => name === 'sealpipe' || name === 'age') : all;
    const { bavail, bsize, type } = statfsSync(folder);
    // One sealed file for each tool, and the plaintext or an output.
    if (bavail * bsize < size * (chosen.length + 1))
      return { figures: [], leftOut: [...leftOut, `the files: ${parent} has no room for them`] };
    const environment = { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: undefined };
    for (const tool of chosen) await checkTool(tool, folder, environment);
    const context = {
      say,
      folder,
      environment,
      size,
      rounds: targets ? 5 : 3,
      toFile: [false, !targets],
      inMemory: type === TMPFS,
    };
    sayWhat(context);
    const plain = join(folder, 'plain');
    writeRandomFile(plain, size);
    const sealing = chosen.map((tool) => ({ tool, input: plain }));
    const encrypted = await measured('encrypt', sealing, context);
    const opening = await sealed(sealing, context);
    rmSync(plain);
    for (const { input } of opening) readThrough(input);
    const found = [...encrypted, ...(await measured('decrypt', opening, context))];
    return {
      figures: found.flatMap(({ figures }) => figures),
      measurements: found.flatMap(({ measurements }) => measurements ?? []),
      leftOut,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Context} context */
function sayWhat({ say, size, rounds, toFile, inMemory }) {
  const what = `a file of ${formatSize(size)} in the cache of the system`;
  say(`${what}, medians of ${rounds} runs in turn, each a process`);
  if (toFile.some((place) => isFromMemoryToMemory({ toFile: place, inMemory, size })))
    say(`from file to file, medians of ${COMPARED_ROUNDS} runs of ${[...COMPARED].join(' and ')} in turn`);
  if (toFile.includes(true))
    say('what is written to a file is synced to the disk within the time: sealpipe does that by itself');
  if (size * 2.2 > totalmem() * 0.9) say('the files do not fit into memory: the disk is measured as well');
  say(`\n${FILE_HEAD}`);
}

/**
 * @param {readonly Entrant[]} entrants
 * @param {Context} context
 * @returns {Promise<Entrant[]>} the tools that open what they sealed, each with its sealed file
 */
async function sealed(entrants, { folder, environment }) {
  const opening = [];
  for (const { tool, input } of entrants) {
    if (tool.name === 'cp') continue;
    const path = join(folder, `sealed by ${tool.name}`);
    await runCommand(tool.encrypt(input, path), { environment });
    opening.push({ tool, input: path });
  }
  return opening;
}

/**
 * @param {Direction} direction
 * @param {readonly Entrant[]} entrants ours first
 * @param {Context} context
 */
async function measured(direction, entrants, { say, size, inMemory, toFile: places, ...rest }) {
  /** @type {Findings[]} */
  const found = [];
  for (const toFile of new Set(places)) {
    const isOften = isFromMemoryToMemory({ toFile, inMemory, size });
    const running = entrants.map((entrant) =>
      isOften && COMPARED.has(entrant.tool.name) ? { ...entrant, rounds: COMPARED_ROUNDS } : entrant,
    );
    const [ours = [], ...others] = await fileRounds(running, { direction, toFile, ...rest });
    for (const [at, { tool }] of entrants.entries()) {
      const subject = { tool: tool.name, direction, toFile, inMemory, size };
      found.push(
        at === 0
          ? fileFindings(subject, ours, undefined, say)
          : fileFindings(subject, others[at - 1] ?? [], ours, say),
      );
    }
  }
  return found;
}
