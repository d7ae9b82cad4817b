// @ts-check
import { closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../sizes.mjs';
import { randomMemory } from '../streams/input.mjs';
import { runCommand } from './command-run.mjs';

const BLOCK = 64 * MIB;

/**
 * @param {string} path
 * @param {number} size
 */
export function writeRandomFile(path, size) {
  const memory = randomMemory(Math.min(size, BLOCK));
  const file = openSync(path, 'w', 0o600);
  try {
    for (let left = size; left > 0; ) left -= writeSync(file, memory, 0, Math.min(left, memory.length));
  } finally {
    closeSync(file);
  }
}

/** Reads a file to its end, so that as much of it as fits is in memory. @param {string} path */
export function readThrough(path) {
  const memory = Buffer.allocUnsafeSlow(MIB);
  const file = openSync(path, 'r');
  try {
    while (readSync(file, memory, 0, memory.length, null) > 0);
  } finally {
    closeSync(file);
  }
}

/**
 * Fails unless both the tool and other code open what the tool sealed, to the file that it was given.
 *
 * @param {import('./tools.mjs').Tool} tool
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 */
export async function checkTool(tool, folder, environment) {
  const [plain, sealed, opened] = ['plain', 'sealed', 'opened'].map((name) => join(folder, `check.${name}`));
  if (plain === undefined || sealed === undefined || opened === undefined) return;
  writeRandomFile(plain, 3 * MIB + 17);
  try {
    await runCommand(tool.encrypt(plain, sealed), { environment });
    await runCommand(tool.decrypt(sealed, opened), { environment });
    const expected = readFileSync(plain);
    const elsewhere = await tool.openElsewhere(readFileSync(sealed));
    if (!expected.equals(readFileSync(opened)) || expected.compare(elsewhere) !== 0)
      throw new Error(`${tool.name} does not give back the file that it was given`);
  } finally {
    for (const path of [plain, sealed, opened]) rmSync(path, { force: true });
  }
}
