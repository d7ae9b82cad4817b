// @ts-check
import { runChild } from '../child.mjs';
import { ratioFigure, targetText } from '../figures.mjs';
import { range, row } from '../report/columns.mjs';
import { KIB } from '../sizes.mjs';
import { median, ratios } from '../statistics.mjs';
import { atLeast } from '../targets.mjs';
import { opensslSpeed } from './openssl-speed.mjs';

/** @typedef {import('../report/part.mjs').Say} Say */
/** @typedef {import('../report/part.mjs').Findings} Findings */

const ROUNDS = 15;
const WIDTHS = [42, 9, 9, 8, 16, 16];
const FRAME = 64 * KIB;

/**
 * What calling OpenSSL from JavaScript costs: the native engine beside the same EVP calls made by C.
 *
 * @param {Say} say
 * @returns {Promise<Findings>}
 */
export async function callsPart(say) {
  say(
    'AES-256-GCM frames in memory, no stream: the native engine beside the same calls of OpenSSL made by C\n',
  );
  say(row(['', 'GB/s', 'from C', 'ratio', 'p5 – p95', 'target'], WIDTHS));
  const figures = [];
  const leftOut = [];
  for (const frameSize of [FRAME, 4 * KIB]) {
    const { missing, size, seconds } = await runChild('evp/calls-process.mjs', { frameSize, rounds: ROUNDS });
    if (missing === undefined) figures.push(...besideC(say, frameSize, size, seconds));
    else if (frameSize === FRAME) leftOut.push(`the native engine beside C: ${missing}`);
  }
  const speed = opensslSpeed(FRAME);
  if ('why' in speed) return { figures, leftOut: [...leftOut, `openssl speed: ${speed.why}`] };
  const name = `openssl speed, 64 KiB (${speed.version})`;
  say(row([name, speed.rate], WIDTHS));
  return { figures, leftOut, measurements: [{ name, rates: [speed.rate] }] };
}

/**
 * @param {Say} say
 * @param {number} frameSize
 * @param {number} size bytes of plaintext
 * @param {readonly number[][]} seconds of the loop in C, then of our two ways
 */
function besideC(say, frameSize, size, [fromC = [], ...ours]) {
  return ours.map((own, at) => {
    const name = `${['seal', 'sealFrames'][at]}, ${frameSize / KIB} KiB frames / EVP from C`;
    const target = frameSize === FRAME ? atLeast('sealedFromC') : undefined;
    const figure = ratioFigure(name, ratios(fromC, own), target);
    const [rate, rateOfC] = [size / 1e9 / median(own), size / 1e9 / median(fromC)];
    say(row([name, rate, rateOfC, figure.value, range(figure), targetText(figure)], WIDTHS));
    return figure;
  });
}
