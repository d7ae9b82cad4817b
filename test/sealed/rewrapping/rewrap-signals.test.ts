import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { innerModule } from '../../../scripts/inner-module.mjs';
import { journalPath } from '../../../src/files/heads/replace-head.js';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { rewrap } from '../../../src/sealed/rewrapping/rewrap.js';
import { needsAddon } from '../../crypto/native/addon-here.js';
import { slowRun } from '../../support/prerequisite.js';
import { randomOf } from '../../support/sample.js';
import { expectOpens, PLAINTEXT, raw, recipientsOf, sealedFile } from './rewrap-kit.js';

const SCRIPT = join(import.meta.dirname, 'signalled-rewrap.mjs');
const MODULE = await innerModule(
  'src/files/heads/system-files.ts',
  'src/keys/raw.ts',
  'src/sealed/rewrapping/rewrap.ts',
);
const [OLD, NEW] = [raw('old'), raw('new')];
const MOMENTS = ['before', 'amid', 'after'] as const;
const WAYS = ['in place', 'copy'] as const;
const random = randomOf('signals of a re-wrap');
/** Long runs kill at every point several times; short ones at a sample of them. */
const ROUNDS = slowRun ? 5 : 1;
const SHARE = slowRun ? 1 : 0.25;

needsAddon();

let path: string;
let content: Buffer;

beforeEach(async () => {
  path = await sealedFile([OLD]);
  content = await readFile(path);
});

function start(point: number, moment: string, signal: string, way: string) {
  const child = spawn(process.execPath, [SCRIPT, MODULE, path, String(point), moment, signal, way], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'close').then(() => said.trim());
  return { child, ended };
}

/** What a reader sees at any moment: all of it, with the old or the new key, or that a re-wrap was interrupted. */
async function expectReadable(): Promise<void> {
  try {
    const reader = await openSealed(path, { keys: [OLD, NEW] });
    expect((await reader.read()).equals(PLAINTEXT)).toBe(true);
    await reader.close();
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    expect(existsSync(journalPath(path))).toBe(true);
  }
}

/** The next run brings the file to its new key, and takes the journal away. */
async function expectFinished(): Promise<void> {
  await rewrap(path, { keys: OLD, to: NEW });
  expect(await recipientsOf(path)).toContain('new');
  expect(existsSync(journalPath(path))).toBe(false);
  await expectOpens(path, [NEW]);
}

describe.each(WAYS)('a re-wrap %s that is killed', (way) => {
  it('never loses the file, before, amid and after each call of the file system', {
    timeout: 900_000,
  }, async () => {
    const calls = Number(await start(-1, '', '', way).ended);
    expect(calls).toBeGreaterThan(5);
    let kills = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let point = 0; point < calls; point++) {
        for (const moment of MOMENTS) {
          if (random() > SHARE) continue;
          await writeFile(path, content);
          const { child, ended } = start(point, moment, 'SIGKILL', way);
          await ended;
          if (child.signalCode === 'SIGKILL') kills += 1;
          await expectReadable();
          await expectFinished();
          for (const name of await readdir(dirname(path))) {
            if (name.endsWith('.sealpipe-copy')) await rm(join(dirname(path), name));
          }
          expect(await readdir(dirname(path))).toEqual(['file.sealed']);
        }
      }
    }
    expect(kills).toBeGreaterThan(0);
    console.log(`${kills} kills ${way}`);
  });

  it('never loses the file at a moment of the clock', { timeout: 900_000 }, async () => {
    for (let i = 0; i < 6 * ROUNDS; i++) {
      await writeFile(path, content);
      const { child, ended } = start(-1, '', '', way);
      setTimeout(() => child.kill('SIGKILL'), 60 + random() * 200);
      await ended;
      await expectReadable();
      await expectFinished();
    }
  });
});

describe.each(WAYS)('two re-wraps at once, %s', (way) => {
  it('of which one is stopped in the middle: the other is refused, and readers go on', {
    timeout: 300_000,
  }, async () => {
    const calls = Number(await start(-1, '', '', way).ended);
    for (let point = 1; point < calls - 1; point++) {
      if (random() > SHARE) continue;
      await writeFile(path, content);
      const moment = MOMENTS[Math.floor(random() * 3)]!;
      const { child, ended } = start(point, moment, 'SIGSTOP', way);
      await stopped(child.pid!, ended);
      await expectReadable();
      const second = await rewrap(path, { keys: [OLD, NEW], to: raw('third') }).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      child.kill('SIGCONT');
      const first = await ended;
      // Where the second got in before the lock or behind the new name, the first one must not undo it.
      expect(['done', 'ERR_SEALPIPE_LOCKED']).toContain(second);
      if (second === 'done') {
        expect(await recipientsOf(path)).toContain('third');
        await expectOpens(path, [raw('third')]);
      } else {
        expect(Number(first)).toBeGreaterThan(0);
        await expectOpens(path, [NEW]);
      }
      expect(existsSync(journalPath(path))).toBe(false);
    }
  });
});

/** Waits until a process is stopped, or has ended. */
async function stopped(pid: number, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') X');
    if (/\) [TX]/.test(status)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
