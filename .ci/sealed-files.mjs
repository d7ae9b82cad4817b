// @ts-check
// Ranges, verify and recover on real files of 4 GiB: both layouts, with the embedded KMS and with a raw key, by the command.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../dist/sealpipe.js', import.meta.url));
const MIB = 2 ** 20;
const SIZE = 4 * 2 ** 30;
const FRAME = 65_536;

const folder = mkdtempSync(join(tmpdir(), 'sealpipe-files-'));
const env = { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: undefined };
try {
  writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
  run(0, 'kms', 'create-key', '--alias', 'alias/slow', '-q');
  writePlain(join(folder, 'plain'));
  for (const key of ['file:key', 'local:alias/slow']) {
    for (const layout of ['fixed', 'record']) tryOut(key, layout);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} key @param {string} layout */
function tryOut(key, layout) {
  const words = ['-k', key];
  run(0, 'encrypt', ...words, '--layout', layout, '-f', 'plain', '-o', 'sealed');
  const report = JSON.parse(String(run(0, 'verify', ...words, '--json', 'sealed')));
  assert.equal(report.plaintextBytes, SIZE);
  for (const start of [0, SIZE / 2 - 5, SIZE - 4_096]) {
    const bytes = run(0, 'decrypt', ...words, '--range', `${start}-${start + 4_095}`, 'sealed');
    assert.ok(bytes.equals(plainAt(start, 4_096)));
  }
  const file = openSync(join(folder, 'sealed'), 'r+');
  writeSync(file, Buffer.alloc(9, 0xff), 0, 9, Math.floor(statSync(join(folder, 'sealed')).size / 2));
  closeSync(file);
  assert.equal(JSON.parse(String(run(3, 'verify', ...words, '--json', 'sealed'))).complete, false);
  const saved = JSON.parse(String(run(4, 'recover', ...words, 'sealed', '-f', '-o', 'saved', '--json')));
  assert.deepEqual([saved.gapCount, saved.plaintextBytes], [1, SIZE - FRAME]);
  rmSync(join(folder, 'saved'));
  console.log(`4 GiB, ${key}, ${layout}: ranges, verify and recover hold`);
}

/** @param {number} status @param {readonly string[]} words */
function run(status, ...words) {
  const ended = spawnSync(process.execPath, [COMMAND, ...words], { cwd: folder, env, maxBuffer: MIB });
  assert.equal(ended.status, status, `${words.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** Every eight bytes say where they are. @param {string} path */
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
