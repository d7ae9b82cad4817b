// Sends much data through `sealpipe encrypt | sealpipe decrypt`, compares digests, and compares the peak memory of each
// command with its peak over little data: it must not grow with the stream.
import { spawn } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MiB = 1024 * 1024;
const LITTLE = 256 * MiB;
const MUCH = Number(process.argv[2] ?? 10 * 1024) * MiB;
const MAY_GROW = 16 * MiB;

const command = fileURLToPath(new URL('../dist/sealpipe.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sealpipe-pipe-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const little = await through(LITTLE);
const much = await through(MUCH);
for (const verb of /** @type {const} */ (['encrypt', 'decrypt'])) {
  const grown = much[verb] - little[verb];
  console.log(`${verb}: peak ${mib(little[verb])} at ${mib(LITTLE)}, ${mib(much[verb])} at ${mib(MUCH)}`);
  if (grown > MAY_GROW)
    throw new Error(`the memory of ${verb} grew by ${mib(grown)}, more than ${mib(MAY_GROW)}`);
}

/** @param {number} size @returns {Promise<{ encrypt: number, decrypt: number }>} peak memory in bytes */
async function through(size) {
  const started = performance.now();
  const encrypt = start('encrypt', 'pipe');
  const decrypt = start('decrypt', encrypt.child.stdout);
  encrypt.child.stdout?.destroy(); // only the two commands hold the pipe
  const sent = createHash('sha256');
  const received = createHash('sha256');
  const output = decrypt.child.stdout;
  if (output === null) throw new Error('the command has no standard output');
  output.on('data', (chunk) => received.update(chunk));
  const read = once(output, 'end');
  const input = encrypt.child.stdin;
  if (input === null) throw new Error('the command has no standard input');
  const source = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(MiB);
  for (let done = 0; done < size; done += zeros.length) {
    const chunk = source.update(zeros);
    sent.update(chunk);
    if (!input.write(chunk)) await once(input, 'drain');
  }
  input.end();
  await read;
  const peaks = { encrypt: await encrypt.ended, decrypt: await decrypt.ended };
  if (sent.digest('hex') !== received.digest('hex')) throw new Error('what came out is not what went in');
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${mib(size)} there and back in ${seconds.toFixed(1)} s, ${(size / seconds / 1e9).toFixed(2)} GB/s`,
  );
  return peaks;
}

/** @param {string} verb @param {import('node:child_process').StdioPipe | import('node:stream').Stream | null} stdin */
function start(verb, stdin) {
  const peakFile = join(folder, `${verb}.peak`);
  const hook = `import { readFileSync, writeFileSync } from 'node:fs';
    process.on('exit', () => {
      const [, peak] = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
      writeFileSync(${JSON.stringify(peakFile)}, String(peak * 1024));
    });`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
  const child = spawn(process.execPath, [...flags, command, verb], {
    stdio: [stdin, 'pipe', 'inherit'],
    env: { ...process.env, SEALPIPE_HOME: join(folder, 'home') },
  });
  const ended = once(child, 'exit').then(([status, signal]) => {
    if (status !== 0) throw new Error(`${verb} ended with ${signal ?? `status ${status}`}`);
    return Number(readFileSync(peakFile, 'utf8'));
  });
  ended.catch(() => {});
  return { child, ended };
}

/** @param {number} bytes */
function mib(bytes) {
  return `${Math.round(bytes / MiB)} MiB`;
}
