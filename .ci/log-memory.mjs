// Writes many lines with `sealpipe logs write`, prints them with `logs cat`, checks them with `logs verify`, and
// compares the peak memory of each command with its peak over few lines: it must not grow with the archive.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MiB = 1024 * 1024;
const FEW = 1_000_000;
const MANY = Number(process.argv[2] ?? 10_000_000);
const MAY_GROW = 64 * MiB;
/** Lines in a piece of the input. */
const PIECE = 1_000;

const command = fileURLToPath(new URL('../dist/sealpipe.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sealpipe-logs-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });

const few = await through(FEW);
const many = await through(MANY);
for (const verb of /** @type {const} */ (['write', 'cat', 'verify'])) {
  const grown = many[verb] - few[verb];
  console.log(`${verb}: peak ${mib(few[verb])} over ${FEW} lines, ${mib(many[verb])} over ${MANY}`);
  if (grown > MAY_GROW)
    throw new Error(`the memory of ${verb} grew by ${mib(grown)}, more than ${mib(MAY_GROW)}`);
}

/** @param {number} lines @returns {Promise<{ write: number, cat: number, verify: number }>} peak memory in bytes */
async function through(lines) {
  const archive = join(folder, `archive of ${lines}`);
  const started = performance.now();
  const sent = createHash('sha256');
  const write = start('write', [archive]);
  const input = write.child.stdin;
  if (input === null) throw new Error('the command has no standard input');
  for (let line = 0; line < lines; line += PIECE) {
    const text = Array.from({ length: PIECE }, (_, i) => textOf(line + i)).join('');
    sent.update(text);
    if (!input.write(text)) await once(input, 'drain');
  }
  input.end();
  const peaks = { write: await write.ended, cat: 0, verify: 0 };
  const received = createHash('sha256');
  const cat = start('cat', [archive]);
  cat.child.stdout?.on('data', (chunk) => received.update(chunk));
  peaks.cat = await cat.ended;
  if (sent.digest('hex') !== received.digest('hex')) throw new Error('what came out is not what went in');
  const verify = start('verify', ['-q', archive]);
  verify.child.stdout?.resume();
  peaks.verify = await verify.ended;
  const seconds = (performance.now() - started) / 1000;
  console.log(`${lines} lines written, read and verified in ${seconds.toFixed(1)} s`);
  rmSync(archive, { recursive: true });
  return peaks;
}

/** @param {number} line */
function textOf(line) {
  return `{"level":30,"time":${1_800_000_000_000 + line},"pid":4321,"url":"/orders/${line}","msg":"request completed"}\n`;
}

/** @param {string} verb @param {readonly string[]} words */
function start(verb, words) {
  const peakFile = join(folder, `${verb}.peak`);
  const hook = `import { readFileSync, writeFileSync } from 'node:fs';
    process.on('exit', () => {
      const [, peak] = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
      writeFileSync(${JSON.stringify(peakFile)}, String(peak * 1024));
    });`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
  const child = spawn(process.execPath, [...flags, command, 'logs', verb, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: `file:${join(folder, 'key')}` },
  });
  const ended = once(child, 'close').then(([status, signal]) => {
    if (status !== 0) throw new Error(`logs ${verb} ended with ${signal ?? `status ${status}`}`);
    return Number(readFileSync(peakFile, 'utf8'));
  });
  ended.catch(() => {});
  return { child, ended };
}

/** @param {number} bytes */
function mib(bytes) {
  return `${Math.round(bytes / MiB)} MiB`;
}
