// @ts-check
import { runChild } from '../child.mjs';
import { ratioFigure } from '../figures.mjs';
import { STEADY_MALLOC } from '../measure/steady-malloc.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { spread } from '../statistics.mjs';

const WIDTHS = [30, 12, 20, 10, 16];

/**
 * Messages of 1 KiB by the one-shot functions: what a stream costs before its first byte and after its last.
 *
 * @param {import('../report/part.mjs').Say} say
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function messagesPart(say) {
  say('messages of 1 KiB, one at a time, each case in a process of its own');
  say('raw cipher: createCipheriv under one key; neither preamble nor context nor a key for each message\n');
  say(row(['', 'per second', 'p5 – p95', 'of raw', 'p5 – p95'], WIDTHS));
  const figures = [];
  const measurements = [];
  for (const direction of ['encrypt', 'decrypt']) {
    for (const kind of ['raw cipher', 'cachedKeys', 'rawKey']) {
      const { rates, ratios } = await runChild(
        'messages/messages-process.mjs',
        { kind, direction },
        STEADY_MALLOC,
      );
      const name = `${direction} 1 KiB, ${kind}`;
      const figure = ratioFigure(`${name} / raw cipher`, ratios);
      const cells = [name, digits(spread(rates).median, 0), range(spread(rates), 0)];
      if (kind !== 'raw cipher') cells.push(digits(figure.value, 3), range(figure, 3));
      say(row(cells, WIDTHS));
      measurements.push({ name, rates });
      if (kind !== 'raw cipher') figures.push(figure);
    }
  }
  return { figures, measurements };
}
