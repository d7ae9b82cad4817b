// @ts-check
import { runChild } from '../child.mjs';
import { ratioFigure, targetText } from '../figures.mjs';
import { row } from '../report/columns.mjs';
import { KIB } from '../sizes.mjs';
import { median, ratios } from '../statistics.mjs';
import { atLeast } from '../targets.mjs';

const ROUNDS = 15;
const WIDTHS = [42, 9, 9, 8, 16, 16];

/**
 * What the way from JavaScript into OpenSSL costs: the native engine beside the same EVP calls made by C.
 *
 * @param {import('../report/part.mjs').Say} say
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function callsPart(say) {
  say(
    `AES-256-GCM frames in memory, no stream: the native engine beside the same calls of OpenSSL made by C\n`,
  );
  say(row(['', 'GB/s', 'from C', 'ratio', 'p5 – p95', 'target'], WIDTHS));
  const figures = [];
  for (const frameSize of [64 * KIB, 4 * KIB]) {
    const { missing, size, seconds } = await runChild('evp/calls-process.mjs', { frameSize, rounds: ROUNDS });
    if (missing !== undefined) {
      say(`  left out: ${missing}`);
      return { figures, leftOut: [`the native engine beside C: ${missing}`] };
    }
    const [fromC, ...ours] = seconds;
    const names = ['seal', 'sealFrames'];
    for (const [at, own] of ours.entries()) {
      const name = `${names[at]}, ${frameSize / KIB} KiB frames / EVP from C`;
      const target = frameSize === 64 * KIB ? atLeast('sealedFromC') : undefined;
      const figure = ratioFigure(name, ratios(fromC, own), target);
      const [rate, rateOfC] = [own, fromC].map((times) => size / 1e9 / median(times));
      const range = `${figure.low.toFixed(2)} – ${figure.high.toFixed(2)}`;
      say(row([name, rate ?? 0, rateOfC ?? 0, figure.value, range, targetText(figure)], WIDTHS));
      figures.push(figure);
    }
  }
  return { figures };
}
