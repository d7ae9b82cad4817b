// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ratioFigure, targetText } from '../figures.mjs';
import { toolVersion } from '../files/command-run.mjs';
import { readThrough, writeRandomFile } from '../files/test-files.mjs';
import { tools } from '../files/tools.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { range, row } from '../report/columns.mjs';
import { formatSize, GIB, MIB } from '../sizes.mjs';
import { median, spread } from '../statistics.mjs';
import { atLeast, atMost } from '../targets.mjs';
import { pipeRounds } from './pipe-rounds.mjs';
import { runBetweenPipes } from './pipe-run.mjs';

/** @typedef {import('../contenders/prepared.mjs').Direction} Direction */
/** @typedef {import('../files/tools.mjs').Tool & Required<Pick<import('../files/tools.mjs').Tool, 'piped'>>} PipedTool */
/** @typedef {import('../report/part.mjs').Findings} Findings */
/** @typedef {import('../report/part.mjs').Say} Say */

const ROUNDS = 9;
const MOST_ROUNDS = 36;
const WIDTHS = [34, 8, 15, 9, 13, 17, 13, 17];
const MEMORY = '/dev/shm';

/**
 * Our command between two pipes, beside others.
 *
 * @param {Say} say
 * @param {{ size: number, folder: string | undefined }} options
 * @returns {Promise<Findings>}
 */
export async function pipesPart(say, { size, folder: parent = existsSync(MEMORY) ? MEMORY : tmpdir() }) {
  if (toolVersion('bash') === undefined || toolVersion('cat') === undefined)
    return { figures: [], leftOut: ['the pipes: bash and cat are not on this machine'] };
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  try {
    const { tools: all, leftOut: missing } = tools(folder);
    const piped = all.filter(isPiped);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < size * (piped.length + 1))
      return { figures: [], leftOut: [`the pipes: ${parent} has no room for them`] };
    const environment = { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: undefined };
    for (const tool of piped) await checkPiped(tool, folder, environment);
    say(
      `cat FILE | TOOL | cat > /dev/null, FILE of ${formatSize(size)} in ${parent}, medians of ${ROUNDS} rounds in turn\n`,
    );
    say(row(['', 's', 'p5 – p95', 'CPU s', 'ours / it', 'target', 'CPU', 'target'], WIDTHS));
    const plain = join(folder, 'plain');
    writeRandomFile(plain, size);
    const sealed = new Map();
    for (const tool of piped) {
      const path = join(folder, `sealed by ${tool.name}`);
      await runBetweenPipes(tool.piped.encrypt, { input: plain, output: path, environment });
      sealed.set(tool, path);
    }
    const found = [];
    for (const direction of /** @type {const} */ (['encrypt', 'decrypt'])) {
      const inputOf = (/** @type {PipedTool} */ tool) => (direction === 'encrypt' ? plain : sealed.get(tool));
      found.push(await measured(direction, piped, inputOf, { say, plain, size, environment }));
    }
    const leftOut = [
      ...missing.filter((why) => !why.startsWith('cp')),
      ...found.flatMap((one) => one.leftOut ?? []),
    ];
    return {
      figures: found.flatMap(({ figures }) => figures),
      measurements: found.flatMap(({ measurements }) => measurements ?? []),
      leftOut,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Fails unless both the tool, between pipes, and other code open what the tool sealed between pipes.
 *
 * @param {PipedTool} tool
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 */
export async function checkPiped({ name, piped, openElsewhere }, folder, environment) {
  const [plain, sealed, opened] = /** @type {[string, string, string]} */ (
    ['plain', 'sealed', 'opened'].map((part) => join(folder, `check.${part}`))
  );
  writeRandomFile(plain, 3 * MIB + 17);
  try {
    await runBetweenPipes(piped.encrypt, { input: plain, output: sealed, environment });
    await runBetweenPipes(piped.decrypt, { input: sealed, output: opened, environment });
    const expected = readFileSync(plain);
    const elsewhere = await openElsewhere(readFileSync(sealed));
    if (!expected.equals(readFileSync(opened)) || expected.compare(elsewhere) !== 0)
      throw new Error(`${name} does not give back what it was given through a pipe`);
  } finally {
    for (const path of [plain, sealed, opened]) rmSync(path, { force: true });
  }
}

/**
 * @param {Direction} direction
 * @param {readonly PipedTool[]} piped ours first
 * @param {(tool: PipedTool) => string} inputOf
 * @param {{ say: Say, plain: string, size: number, environment: NodeJS.ProcessEnv }} context
 * @returns {Promise<Findings>}
 */
async function measured(direction, piped, inputOf, { say, plain, size, environment }) {
  const entrants = [
    ...piped.map((tool) => ({ name: tool.name, command: tool.piped[direction], input: inputOf(tool) })),
    { name: 'cat', command: ['cat'], input: plain },
  ];
  for (const { input } of entrants) readThrough(input);
  const { runs, tried } = await pipeRounds(entrants, { rounds: ROUNDS, most: MOST_ROUNDS, environment });
  const [ours = []] = runs;
  const leftOut =
    ours.length < ROUNDS
      ? [`pipes, ${direction}: of ${tried} rounds only ${ours.length} had the CPUs to themselves`]
      : [];
  if (ours.length === 0) return { figures: [], leftOut };
  const figures = [];
  const measurements = [];
  for (const [at, { name }] of entrants.entries()) {
    const of = runs[at] ?? [];
    const seconds = spread(of.map((run) => run.seconds));
    const cpu = median(of.map((run) => run.cpu));
    measurements.push({
      name: `pipes, ${direction}, ${name}`,
      size,
      seconds: of.map((run) => run.seconds),
      cpu,
    });
    const cells = [`${direction}, ${name}`, seconds.median, range(seconds), cpu];
    if (at === 0) {
      say(row(cells, WIDTHS));
      continue;
    }
    const isAimed = name === 'age' && size >= GIB;
    const title = `pipes of ${formatSize(size)}, ${direction}, sealpipe / ${name}`;
    const wall = ratioFigure(title, timesAsFast(ours, of), isAimed ? atLeast('agePipe') : undefined);
    const share = timesAsFast(of, ours, 'cpu');
    const byCpu = ratioFigure(`${title}, CPU seconds`, share, isAimed ? atMost('agePipeCpu') : undefined);
    figures.push(wall, byCpu);
    say(row([...cells, wall.value, targetText(wall), byCpu.value, targetText(byCpu)], WIDTHS));
  }
  return { figures, measurements, leftOut };
}

/** @param {import('../files/tools.mjs').Tool} tool @returns {tool is PipedTool} */
function isPiped(tool) {
  return tool.piped !== undefined;
}
