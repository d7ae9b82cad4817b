// @ts-check
import { engines } from 'sealpipe';
import { runChild } from '../child.mjs';
import { checkAll } from '../contenders/check-all.mjs';
import { nameOf } from '../contenders/contender.mjs';
import { ratioFigure, targetText } from '../figures.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { STEADY_MALLOC } from '../measure/steady-malloc.mjs';
import { range, row } from '../report/columns.mjs';
import { median } from '../statistics.mjs';
import { mallocQuestions, ownQuestions, peerQuestions } from './races.mjs';

/** @typedef {import('./races.mjs').Question} Question */
/** @typedef {import('../figures.mjs').Figure} Figure */
/** @typedef {import('../report/part.mjs').Say} Say */
/** @typedef {import('../measure/cost.mjs').Cost} Cost */

/** The rounds of our streams, and of races with a peer. */
const ROUNDS = { own: 7, peers: 5 };
const WIDTHS = [43, 8, 8, 8, 15, 8, 8, 10, 16];
const HEAD = ['GB/s', 'raw', 'of raw', 'p5 – p95', 'by CPU'];

/**
 * The streams against the raw cipher stream, and the peers beside both: the figures that decide.
 *
 * @param {Say} say
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function streamsPart(say) {
  const report = engines().find(({ suite }) => suite === 'AES-256-GCM');
  const serving = /** @type {const} */ (['native', 'node']).filter((name) => !report?.unavailable[name]);
  const own = ownQuestions(serving);
  const peers = peerQuestions(serving[0] ?? 'node', nameOf);
  await checkAll([...own, ...peers].flatMap(({ race }) => checks(race)));

  say(
    `AES-256-GCM, 64 KiB chunks, memory to null sink: medians of ${ROUNDS.own} rounds (peers: ${ROUNDS.peers}) in turn in one process`,
  );
  say('raw: one unframed message through createCipheriv / createDecipheriv\n');
  say(row(['', ...HEAD, '', '', 'target'], WIDTHS));
  const figures = [];
  for (const question of [...own, ...mallocQuestions(serving)])
    figures.push(...(await answered(question, ROUNDS.own, say)));
  say('');
  say(row(['', ...HEAD, 'ours', 'ours / it', 'target'], WIDTHS));
  for (const question of peers) figures.push(...(await answered(question, ROUNDS.peers, say)));
  return { figures };
}

/** @param {import('./races.mjs').Race} race */
function checks({ entrants, chunkSize }) {
  return entrants.map((contender) => ({ contender, chunkSize }));
}

/**
 * Runs a race and prints a line about it.
 *
 * @param {Question} question
 * @param {number} rounds
 * @param {Say} say
 * @returns {Promise<Figure[]>}
 */
async function answered({ name, race, asked, defaultMalloc }, rounds, say) {
  /** @type {{ size: number, costs: Cost[][] }} */
  const { size, costs } = await runChild(
    'quick/race-process.mjs',
    { ...race, rounds },
    defaultMalloc ? {} : STEADY_MALLOC,
  );
  const [own = 0, raw = 0, ours = 0] = costs.map(
    (all) => size / 1e9 / median(all.map(({ seconds }) => seconds)),
  );
  const figures = asked.map(({ name: title, over, under, target }) =>
    ratioFigure(title, timesAsFast(costs[over] ?? [], costs[under] ?? []), target),
  );
  const [ofRaw, times] = figures;
  if (ofRaw === undefined) return [];
  const byCpu = median(timesAsFast(costs[0] ?? [], costs[1] ?? [], 'cpu'));
  const beside = times === undefined ? ['', ''] : [ours, `${times.value.toFixed(1)} ×`];
  const cells = [name, own, raw, ofRaw.value, range(ofRaw), byCpu, ...beside, targetText(times ?? ofRaw)];
  say(row(cells, WIDTHS) + interrupted(costs.flat()));
  return figures;
}

/**
 * A note on a race during which other programs held the CPU: its figures are less reliable.
 *
 * @param {readonly Cost[]} costs
 */
function interrupted(costs) {
  const share = total(costs, 'cpu') / total(costs, 'seconds');
  return share < 0.8 ? `  (had a CPU for ${(share * 100).toFixed(0)} % of the time)` : '';
}

/**
 * @param {readonly Cost[]} costs
 * @param {keyof Cost} part
 */
function total(costs, part) {
  return costs.reduce((sum, cost) => sum + cost[part], 0);
}
