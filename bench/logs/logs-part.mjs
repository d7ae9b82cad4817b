// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { rawKey } from 'sealpipe';
import { openLogWriter } from 'sealpipe/logs';
import { row } from '../report/columns.mjs';

const LINES = 500_000;
/** Lines that a program logs before it lets others run. */
const BURST = 2_000;
/** Lines after which it waits for the disk. */
const AHEAD = 40_000;
const WIDTHS = [24, 14, 14];

/**
 * What a line costs the writer of a log archive, with everything that makes it durable.
 *
 * @param {import('../report/part.mjs').Say} say
 * @param {{ folder: string | undefined }} options
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function logsPart(say, { folder: parent = tmpdir() }) {
  const lines = sampleLines();
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  say(`the writer of a log archive alone, ${LINES} lines of ${Math.round(bytes)} bytes\n`);
  say(row(['compression', 'lines/s', 'CPU, µs a line'], WIDTHS));
  const hasZstd = 'zstdCompressSync' in zlib;
  const measurements = [];
  for (const compress of /** @type {const} */ ([false, ...(hasZstd ? ['zstd'] : []), 'gzip'])) {
    const directory = mkdtempSync(join(parent, 'sealpipe-bench-'));
    try {
      const measured = await written(directory, lines, /** @type {false | 'zstd' | 'gzip'} */ (compress));
      const name = `logs, ${compress || 'none'}`;
      say(row([name, String(Math.round(measured.perSecond)), measured.cpu.toFixed(2)], WIDTHS));
      measurements.push({ name, ...measured });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  const leftOut = hasZstd ? [] : [`logs, zstd: Node ${process.versions.node} has none`];
  return { figures: [], measurements, leftOut };
}

/**
 * @param {string} directory
 * @param {readonly string[]} lines
 * @param {false | 'zstd' | 'gzip'} compress
 */
async function written(directory, lines, compress) {
  const keys = rawKey({ name: 'bench', key: Buffer.alloc(32, 7) });
  const writer = await openLogWriter({ keys, directory, compress });
  const before = process.cpuUsage();
  const since = performance.now();
  for (let i = 0; i < LINES; ) {
    for (const end = i + BURST; i < end; i++) writer.append(lines[i % lines.length] ?? '');
    if (i % AHEAD === 0) await writer.flush();
    else await turn();
  }
  await writer.end();
  const seconds = (performance.now() - since) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: LINES / seconds, cpu: (user + system) / LINES };
}

/** Lines as a logger of HTTP requests writes them. */
function sampleLines() {
  return Array.from({ length: 1_000 }, (_, i) =>
    JSON.stringify({
      level: 30,
      time: 1_800_000_000_000 + i,
      pid: 4_321,
      hostname: 'web-1',
      req: { id: Math.random().toString(36).slice(2), method: 'GET', url: `/orders/${i}` },
      responseTime: Math.random() * 100,
      msg: 'request completed',
    }),
  );
}
