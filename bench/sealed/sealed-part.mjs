// @ts-check
import { createReadStream, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createDecryptStream, openSealed, rawKey, readHeader } from 'sealpipe';
import { ratioFigure, targetText } from '../figures.mjs';
import { runCommand } from '../files/command-run.mjs';
import { readThrough, writeRandomFile } from '../files/test-files.mjs';
import { range, row } from '../report/columns.mjs';
import { formatSize, MIB } from '../sizes.mjs';
import { atLeast } from '../targets.mjs';
import { rangeFigures } from './ranges.mjs';

/** @typedef {import('sealpipe').KeyProvider} KeyProvider */

const ROUNDS = 7;
const WIDTHS = [52, 8, 15, 16];
const COMMAND = fileURLToPath(new URL('../../dist/sealpipe.js', import.meta.url));

/**
 * Ranges, a reader of the whole file, and `verify`, each beside another way to do the same work.
 *
 * @param {import('../report/part.mjs').Say} say
 * @param {{ size: number, folder: string | undefined }} options
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function sealedPart(say, { size, folder: parent = tmpdir() }) {
  if (process.platform === 'win32') return { figures: [], leftOut: ['sealed: there is no /dev/null'] };
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < size * 2.1) return { figures: [], leftOut: [`sealed: ${parent} has no room`] };
    const { path, keyFile, keys } = await sealedFile(folder, size);
    say(
      `a sealed file of ${formatSize(size)} in the cache of the system, medians of ${ROUNDS} rounds in turn\n`,
    );
    say(row(['', 'ratio', 'p5 – p95', 'target'], WIDTHS));
    const figures = [
      ...(await rangeFigures(folder, keys)),
      await streamFigure(path, keys),
      await verifyFigure(path, keyFile),
    ];
    for (const figure of figures)
      say(row([figure.name, figure.value, range(figure), targetText(figure)], WIDTHS));
    return { figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Made by the command, so that the command can open it as well. @param {string} folder @param {number} size */
async function sealedFile(folder, size) {
  const [plain, path, keyFile] = /** @type {[string, string, string]} */ (
    ['plain', 'sealed', 'key'].map((name) => join(folder, name))
  );
  const key = Buffer.alloc(32, 7);
  writeFileSync(keyFile, key, { mode: 0o600 });
  writeRandomFile(plain, size);
  await sealpipe('encrypt', '-k', `file:${keyFile}`, plain, '-o', path);
  rmSync(plain);
  readThrough(path);
  const source = createReadStream(path);
  const { recipients } = await readHeader(source);
  source.destroy();
  return { path, keyFile, keys: rawKey({ name: recipients[0]?.key ?? '', key }) };
}

/** @param {string} path @param {KeyProvider} keys */
async function streamFigure(path, keys) {
  const decrypt = () =>
    pipeline(createReadStream(path, { highWaterMark: MIB }), createDecryptStream({ keys }), sink());
  const read = async () => {
    const reader = await openSealed(path, { keys });
    await pipeline(reader.createReadStream(), sink());
    await reader.close();
  };
  const ratios = await rounds(decrypt, read);
  return ratioFigure('createReadStream() over all / decrypt stream', ratios, atLeast('sealedStream'));
}

/** @param {string} path @param {string} keyFile */
async function verifyFigure(path, keyFile) {
  const decrypt = () => sealpipe('decrypt', '-k', `file:${keyFile}`, path, '-o', '/dev/null');
  const verify = () => sealpipe('verify', '-k', `file:${keyFile}`, path);
  const ratios = await rounds(decrypt, verify);
  return ratioFigure('verify / decrypt to /dev/null', ratios, atLeast('verify'));
}

/**
 * @param {() => Promise<unknown>} known
 * @param {() => Promise<unknown>} ours
 * @returns {Promise<number[]>} how many times as fast ours is, round by round
 */
async function rounds(known, ours) {
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    // The second one finds the machine as the first has left it, so they take turns in being first.
    const order = round % 2 === 0 ? [known, ours] : [ours, known];
    const times = new Map();
    for (const run of order) {
      const since = performance.now();
      await run();
      times.set(run, performance.now() - since);
    }
    ratios.push(times.get(known) / times.get(ours));
  }
  return ratios;
}

/** @param {readonly string[]} words */
function sealpipe(...words) {
  return runCommand([process.execPath, COMMAND, ...words], { environment: process.env });
}

function sink() {
  return new Writable({ highWaterMark: MIB, write: (_chunk, _encoding, callback) => callback() });
}
