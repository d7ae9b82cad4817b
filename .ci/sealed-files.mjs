// @ts-check
// Ranges, verify, re-wrap and recover on real files of 4 GiB: both layouts, with the embedded KMS and with a raw key,
// through the command and the API. /proc/self/io tells how much a re-wrap in place writes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSealed, rewrap, verify } from 'sealpipe';
import { keyFrom } from 'sealpipe/keys';

const COMMAND = fileURLToPath(new URL('../dist/sealpipe.js', import.meta.url));
const MIB = 2 ** 20;
const SIZE = Number(process.argv[2] ?? 4 * 2 ** 30);
const FRAME = 65_536;
const MOST_WRITTEN = 16_384;

const folder = mkdtempSync(join(tmpdir(), 'sealpipe-files-'));
const env = { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: undefined };
try {
  writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
  writeFileSync(join(folder, 'other'), Buffer.alloc(32, 8), { mode: 0o600 });
  run(0, 'kms', 'create-key', '--alias', 'alias/slow', '-q');
  writePlain(join(folder, 'plain'));
  for (const key of ['file:key', 'local:alias/slow']) {
    for (const layout of ['fixed', 'record']) await tryOut(key, layout);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} key @param {string} layout */
async function tryOut(key, layout) {
  const words = ['-k', key];
  run(0, 'encrypt', ...words, '--layout', layout, '-f', 'plain', '-o', 'sealed');
  const report = JSON.parse(String(run(0, 'verify', ...words, '--json', 'sealed')));
  assert.equal(report.plaintextBytes, SIZE);
  for (const start of [0, SIZE / 2 - 5, SIZE - 4_096]) {
    const bytes = run(0, 'decrypt', ...words, '--range', `${start}-${start + 4_095}`, 'sealed');
    assert.ok(bytes.equals(plainAt(start, 4_096)));
  }
  const written = await tryApi(key);
  const done = JSON.parse(String(run(0, 'rewrap', 'sealed', '-k', 'file:other', '--to', key, '--json')));
  assert.deepEqual([done.rewrapped, done.files[0].way], [1, 'in place']);
  const file = openSync(join(folder, 'sealed'), 'r+');
  writeSync(file, Buffer.alloc(9, 0xff), 0, 9, Math.floor(statSync(join(folder, 'sealed')).size / 2));
  closeSync(file);
  assert.equal(JSON.parse(String(run(3, 'verify', ...words, '--json', 'sealed'))).complete, false);
  const saved = JSON.parse(String(run(4, 'recover', ...words, 'sealed', '-f', '-o', 'saved', '--json')));
  assert.deepEqual([saved.gapCount, saved.plaintextBytes], [1, SIZE - FRAME]);
  rmSync(join(folder, 'saved'));
  console.log(
    `${SIZE / MIB} MiB, ${key}, ${layout}: ranges, verify, re-wrap and recover hold; a re-wrap wrote ${written} B`,
  );
}

/**
 * Re-wraps the file in place for the key `other`, then reads ranges and verifies it.
 *
 * @param {string} key
 * @returns {Promise<number>} bytes that the re-wrap wrote
 */
async function tryApi(key) {
  const path = join(folder, 'sealed');
  const keys = await keyFrom(inFolder(key), { home: env.SEALPIPE_HOME });
  const to = await keyFrom(inFolder('file:other'));
  const before = writtenSoFar();
  const { way, bytesWritten } = await rewrap(path, { keys, to });
  const written = writtenSoFar() - before;
  await keys.close();
  assert.equal(way, 'in place');
  assert.ok(bytesWritten <= written && written <= MOST_WRITTEN, `a re-wrap wrote ${written} B`);
  const reader = await openSealed(path, { keys: to });
  for (const start of [5, SIZE - 4_096])
    assert.ok((await reader.read(start, start + 4_096)).equals(plainAt(start, 4_096)));
  assert.equal(await reader.size(), SIZE);
  await reader.close();
  assert.deepEqual((await verify(path, { keys: to })).fault, null);
  await to.close();
  return written;
}

/** @param {string} key */
function inFolder(key) {
  return key.replace(/^file:/, `file:${folder}/`);
}

/** Bytes that this process has passed to write(2) and similar calls. */
function writtenSoFar() {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/** @param {number} status @param {readonly string[]} words */
function run(status, ...words) {
  const ended = spawnSync(process.execPath, [COMMAND, ...words], { cwd: folder, env, maxBuffer: MIB });
  assert.equal(ended.status, status, `${words.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** Every eight bytes hold their own offset. @param {string} path */
function writePlain(path) {
  const file = openSync(path, 'w');
  for (let at = 0; at < SIZE; at += MIB) writeSync(file, pattern(at, MIB));
  closeSync(file);
}

/** @param {number} start a multiple of 8 @param {number} length */
function pattern(start, length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 8) bytes.writeDoubleBE(start + at, at);
  return bytes;
}

/** @param {number} start @param {number} length */
function plainAt(start, length) {
  const bytes = Buffer.alloc(length);
  const file = openSync(join(folder, 'plain'), 'r');
  readSync(file, bytes, 0, length, start);
  closeSync(file);
  return bytes;
}
