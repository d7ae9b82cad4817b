import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { failureOf } from '../../src/cli/exit-status.js';
import { keyFrom } from '../../src/keys/key-from.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { outcome } from '../support/outcome.js';
import { onlyWhere } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import { wholeRun } from '../support/sample.js';
import type { Place } from './support/command.js';
import { makePlace } from './support/command.js';
import type { Running } from './support/running.js';
import { KEY_TEXT, namesIn, signalled, start, until, untilDelivered } from './support/running.js';

const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(STATUS) as (keyof typeof STATUS)[];
const SEAL = ['encrypt', '-k', 'file:k', '--layout', 'record'];

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  return place;
}

function isThere({ folder }: Place, name: string): Promise<boolean> {
  return stat(join(folder, name)).then(
    ({ size }) => size > 0,
    () => false,
  );
}

/** A command that writes `log`, which is there. */
async function sealing(place: Place, ...words: string[]): Promise<Running> {
  const running = start([...SEAL, '-o', 'log', ...words], place);
  await until(() => isThere(place, 'log'), 'the file');
  return running;
}

/** What a stream holds, and the status with which the command would open it. */
async function opened({ folder }: Place, name = 'log'): Promise<[string, number]> {
  const stream = createDecryptStream({ keys: await keyFrom(`file:${join(folder, 'k')}`) });
  const over = outcome(stream);
  stream.end(await readFile(join(folder, name)).catch(() => ''));
  const { bytes, error } = await over;
  return [bytes.toString(), error === undefined ? 0 : failureOf(error).status];
}

describe('the first signal, in the record layout', () => {
  it.each(SIGNALS)(
    '%s reads on to the end of the input, and leaves it without a last frame',
    async (signal) => {
      const place = await placeWithKey();
      const { child, ended } = await sealing(place, '--grace', '1m');
      child.stdin?.write('one\n');
      child.kill(signal);
      await untilDelivered(child);
      child.stdin?.end('two\n');
      const { status, stderr } = await ended;
      expect([status, stderr]).toEqual([
        STATUS[signal],
        `sealpipe: interrupted (${signal}): the input so far is in log, which has no end\n`,
      ]);
      expect(await opened(place)).toEqual(['one\ntwo\n', 4]);
      expect(await namesIn(place.folder)).toEqual(['k', 'log']);
    },
  );

  it('reads on for --grace at most, where the source stays silent', async () => {
    const place = await placeWithKey();
    const { child, ended } = await sealing(place, '--grace', '400ms', '-q');
    child.stdin?.write('one\n');
    await until(async () => (await opened(place))[0] === 'one\n', 'a frame');
    child.stdin?.write('two\n');
    const from = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143, stderr: '' });
    expect(performance.now() - from).toBeGreaterThan(390);
    expect(await opened(place)).toEqual(['one\ntwo\n', 4]);
  });

  it('seals the end with --end-on-signal, at the end of the input and after --grace', async () => {
    for (const end of [true, false]) {
      const place = await placeWithKey();
      const { child, ended } = await sealing(place, '--end-on-signal', '--grace', end ? '1m' : '0s');
      child.stdin?.write('one\n');
      await until(async () => (await opened(place))[0] === 'one\n', 'a frame');
      child.kill('SIGINT');
      if (end) child.stdin?.end('two\n');
      expect(await ended).toMatchObject({ status: 130, stderr: '' });
      expect(await opened(place)).toEqual([end ? 'one\ntwo\n' : 'one\n', 0]);
    }
  });

  it('leaves nothing while there is no key yet', async () => {
    const place = await placeWithKey();
    await runProcess('mkfifo', ['-m', '600', 'slow'], { cwd: place.folder });
    const { child, ended } = start(['encrypt', '-k', 'file:slow', '--layout', 'record', '-o', 'log'], place);
    await until(async () => (await readdir(place.folder)).length > 2, 'a temporary file');
    child.kill('SIGTERM');
    const { status, signal } = await ended;
    expect([status ?? signal]).toEqual([status === null ? 'SIGTERM' : 143]);
    expect(await namesIn(place.folder)).toEqual(['k', 'slow']);
  });

  it('lets standard output be read on, too', async () => {
    const place = await placeWithKey();
    const { child, ended } = start([...SEAL, '-v', '--grace', '1m'], place);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    await until(() => said.includes('sealed for'), 'a stream');
    child.stdin?.write('one\n');
    child.kill('SIGTERM');
    await untilDelivered(child);
    child.stdin?.end('two\n');
    const { status, stdout } = await ended;
    await writeFile(join(place.folder, 'out'), stdout);
    expect([status, await opened(place, 'out')]).toEqual([143, ['one\ntwo\n', 4]]);
  });
});

describe('a signal to a whole pipeline', () => {
  it.each([
    ['-o', 'log'],
    ['>', 'log'],
  ])('never makes a whole stream of what the producer had written (%s)', async (...to) => {
    const place = await placeWithKey();
    // The shell outlives the others: its end is that of all.
    const script = `trap : TERM; (echo begun; exec sleep 60) | sealpipe ${SEAL.join(' ')} ${to.join(' ')}; :`;
    for (let round = 0; round < (wholeRun ? 5 : 2); round++) {
      const { child, ended } = groupOf(script, place);
      await until(async () => (await opened(place))[0] === 'begun\n', 'what the producer wrote');
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
      expect(await opened(place)).toEqual(['begun\n', 4]);
      await runProcess('rm', ['log'], { cwd: place.folder });
    }
  });

  it('counts where it comes just behind the end of the input', async () => {
    const place = await placeWithKey();
    const { child, ended } = await sealing(place, '-q');
    // It sees both at once, and the end first.
    child.kill('SIGSTOP');
    await new Promise<void>((resolve) => child.stdin?.end('half of it', resolve));
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    expect(await ended).toMatchObject({ status: 143 });
    expect(await opened(place)).toEqual(['half of it', 4]);
  });

  it('that comes twice at once, as from timeout, is one signal', async () => {
    const place = await placeWithKey();
    const { child, ended } = await sealing(place, '-q', '--grace', '1m');
    // It sees both in one turn. Two of one kind could become one before that.
    for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGINT', 'SIGCONT'] as const) child.kill(signal);
    await untilDelivered(child);
    child.stdin?.end('all of it');
    expect([STATUS.SIGTERM, STATUS.SIGINT]).toContain((await ended).status);
    expect(await opened(place)).toEqual(['all of it', 4]);
  });
});

describe('a second signal', () => {
  it('ends at once, and leaves what was flushed', async () => {
    const place = await placeWithKey();
    const running = await sealing(place, '--grace', '10m');
    running.child.stdin?.write('one\n');
    await until(async () => (await opened(place))[0] === 'one\n', 'a frame');
    expect(await signalled(running, 'SIGTERM')).toMatchObject({ status: null, signal: 'SIGTERM' });
    expect(await opened(place)).toEqual(['one\n', 4]);
    expect(await namesIn(place.folder)).toEqual(['k', 'log']);
  });
});

describe('a signal while a program is sealed', () => {
  it('is passed on, and what the program writes then is sealed', async () => {
    const place = await placeWithKey();
    const script = 'trap "echo last; exit 0" TERM; echo first; while :; do sleep 0.05; done';
    const { child, ended } = await sealing(place, '--', 'sh', '-c', script);
    await until(async () => (await opened(place))[0] === 'first\n', 'what the program wrote');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143 });
    expect(await opened(place)).toEqual(['first\nlast\n', 4]);
  });

  it('is waited for no longer than --grace where the program goes on', async () => {
    const place = await placeWithKey();
    const script = 'trap "" TERM; echo $$ > program; echo first; exec sleep 100';
    const { child } = await sealing(place, '--grace', '300ms', '--', 'sh', '-c', script);
    await until(async () => (await opened(place))[0] === 'first\n', 'what the program wrote');
    const program = Number(await readFile(join(place.folder, 'program'), 'utf8'));
    onTestFinished(() => void process.kill(program, 'SIGKILL'));
    child.kill('SIGTERM');
    // Its standard error stays open, for the program has it, and goes on.
    expect(await once(child, 'exit')).toEqual([143, null]);
    expect(await opened(place)).toEqual(['first\n', 4]);
  });
});

/** A pipeline in a separate process group. */
function groupOf(script: string, { folder, env }: Place): { child: Running['child']; ended: Promise<void> } {
  const child = spawn('sh', ['-c', script], {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: 'ignore',
  });
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return { child, ended: once(child, 'exit').then(() => undefined) };
}
