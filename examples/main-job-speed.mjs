// @ts-check
/*
 * What sealing costs, as the main job shows it: the same pipeline with and without it, in turn, in wall time and in
 * CPU time of the whole process. Ratios carry over to other machines; absolute numbers do not.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const MIB = 2 ** 20;
const ROUNDS = 3;

/** @typedef {{ name: string, run: () => Promise<unknown> }} Case */

/**
 * From file to file: copied, sealed and opened, with reads of 1 MiB.
 *
 * @param {number} size of the log
 * @param {{ log: string, copy: string, sealed: string, opened: string }} files
 * @param {import('sealpipe').EncryptOptions & import('sealpipe').DecryptOptions} options
 */
export async function compareFiles(size, { log, copy, sealed, opened }, options) {
  /** @param {string} file */
  const read = (file) => createReadStream(file, { highWaterMark: MIB });
  /** @param {string} file */
  const write = (file) => createWriteStream(file, { highWaterMark: MIB });
  await show('file to file, reads of 1 MiB', size, [
    { name: 'copied, without sealing', run: () => pipeline(read(log), write(copy)) },
    { name: 'sealed', run: () => pipeline(read(log), createEncryptStream(options), write(sealed)) },
    { name: 'opened', run: () => pipeline(read(sealed), createDecryptStream(options), write(opened)) },
  ]);
}

/** Memory to nowhere, beside one message of the raw cipher, which has no frames and one tag at its very end. */
export async function compareMemory(size = 128 * MIB) {
  const keys = rawKey({ name: 'speed', key: randomBytes(32) });
  const plain = Array.from({ length: size / MIB }, () => randomBytes(MIB));
  /** @type {Buffer[]} */
  const sealed = [];
  await pipeline(Readable.from(plain), createEncryptStream({ keys }), async (chunks) => {
    for await (const chunk of chunks) sealed.push(chunk);
  });
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const raw = () => createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  /** @param {Buffer[]} chunks @param {() => import('node:stream').Transform} through */
  const through = (chunks, through) => pipeline(Readable.from(chunks), through(), nowhere());
  await show('memory to nowhere, chunks of 1 MiB', size, [
    { name: 'raw cipher (createCipheriv)', run: () => through(plain, raw) },
    { name: 'sealed', run: () => through(plain, () => createEncryptStream({ keys })) },
    { name: 'opened', run: () => through(sealed, () => createDecryptStream({ keys })) },
  ]);
}

/**
 * Runs the cases in turn and prints the median of each, with its ratio to the first.
 *
 * @param {string} title
 * @param {number} size
 * @param {readonly Case[]} cases
 */
async function show(title, size, cases) {
  const costs = cases.map(() => /** @type {{ seconds: number, cpu: number }[]} */ ([]));
  for (const { run } of cases) await run(); // once for the caches and the compiler
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, { run }] of cases.entries()) costs[index]?.push(await costOf(run));
  const rates = costs.map((runs) => size / MIB / median(runs.map(({ seconds }) => seconds)));
  console.log(`${title}, medians of ${ROUNDS} runs in turn:`);
  for (const [index, { name }] of cases.entries()) {
    const rate = rates[index] ?? 0;
    const cpu = median((costs[index] ?? []).map((cost) => cost.cpu));
    const ratio = index === 0 ? '' : `, ${(rate / (rates[0] ?? 0)).toFixed(2)} of the first`;
    console.log(
      `  ${name.padEnd(28)} ${rate.toFixed(0).padStart(6)} MiB/s, ${cpu.toFixed(2)} s of CPU${ratio}`,
    );
  }
}

/** @param {() => Promise<unknown>} run */
async function costOf(run) {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpu: (user + system) / 1e6 };
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function nowhere() {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
