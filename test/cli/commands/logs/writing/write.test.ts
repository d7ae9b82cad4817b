import { spawn } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onlyWhere } from '../../../../support/prerequisite.js';
import type { Place } from '../../../support/command.js';
import { command, signalled, start, until, untilDelivered } from '../../../support/running.js';
import { linesSoFar, placeWithKey, printed, WRITE, writing, written } from '../archives.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

/** The names of the segments. */
async function segmentsOf({ folder }: Place): Promise<string[]> {
  const [archive = ''] = (await readdir(join(folder, 'logs'))).filter((name) => name.length === 32);
  return (await readdir(join(folder, 'logs', archive)))
    .filter((name) => /\.(open|sealed)$/.test(name))
    .sort();
}

describe('logs write', () => {
  it('seals every line of standard input, whatever its bytes and length, and goes on with the next run', async () => {
    const place = await placeWithKey();
    const long = Buffer.alloc(200_000, 'x');
    const first = Buffer.concat([Buffer.from('one\n\n\r\n'), Buffer.of(0, 0xff, 0x1b, 0x0a), long]);
    expect(await written(place, first)).toMatchObject({ status: 0, stderr: '' });
    expect(await written(place, 'two\n', '-q')).toMatchObject({ status: 0 });
    const { stdout, status } = await command(['logs', 'cat', '-k', 'file:k', 'logs'], place);
    expect(status).toBe(0);
    expect(stdout.equals(Buffer.concat([first, Buffer.from('\ntwo\n')]))).toBe(true);
    expect(await segmentsOf(place)).toHaveLength(2);
  });

  it('of nothing makes an archive without lines', async () => {
    const place = await placeWithKey();
    expect(await written(place, '')).toMatchObject({ status: 0, stderr: '' });
    expect(await printed(place)).toEqual(['', 0]);
  });

  it('says with --json how far it came', async () => {
    const place = await placeWithKey();
    const { stdout } = await written(place, 'one\ntwo\n', '--json', '--compress', 'none');
    const { positions, dropped } = JSON.parse(stdout.toString());
    expect([positions.durable, dropped]).toEqual([{ bytes: 8, records: 2 }, 0]);
  });

  it.each([
    [['--compress', 'brotli'], '--compress'],
    [['--compress', 'none:3'], '--compress'],
    [['--fsync', 'always'], '--fsync'],
    [['--on-full', 'wait'], '--on-full'],
    [['--rotate-every', '1'], '--rotate-every'],
    [['--rotate-size', '1K'], '--rotate-size'],
    [['--rotate-every', '25h'], '--rotate-every'],
    [['--heartbeat', '0s'], '--heartbeat'],
    [['--max-bytes', '1G'], '--max-bytes'],
    [['--store', 'bucket/logs'], '--store'],
    [['other'], 'other'],
  ])('refuses %j, and makes no folder', async (words, named) => {
    const place = await placeWithKey();
    const { status, stderr } = await written(place, '', ...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(named)]);
    expect(await readdir(place.folder)).toEqual(['k']);
  });

  it('lets one writer in', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    expect(await written(place, 'two\n')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('logs'),
    });
    child.stdin?.end();
    expect(await ended).toMatchObject({ status: 0 });
    expect(await printed(place)).toEqual(['one\n', 0]);
  });

  it('does not take the lock of another machine until somebody breaks it', async () => {
    const place = await placeWithKey();
    await written(place, 'one\n');
    const lock = join(place.folder, 'logs', 'lock');
    const record = JSON.parse(await readFile(lock, 'utf8'));
    const foreign = { ...record, held: 'file', host: 'web-7', boot: 'another', pid: 4711 };
    await writeFile(lock, `${JSON.stringify(foreign).padEnd(511)}\n`);
    const refused = await written(place, 'two\n');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('logs unlock')]);
    expect(refused.stderr).toContain('web-7');
    expect(await command(['logs', 'unlock', 'logs'], place)).toMatchObject({ status: 0 });
    expect(await written(place, 'two\n')).toMatchObject({ status: 0 });
    expect(await printed(place)).toEqual(['one\ntwo\n', 0]);
  });

  it('goes on behind a kill', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    child.kill('SIGKILL');
    await ended;
    expect(await written(place, 'two\n')).toMatchObject({ status: 0 });
    expect(await printed(place)).toEqual(['one\ntwo\n', 0]);
  });

  it('stops before a damaged segment, and says where to turn', async () => {
    const place = await placeWithKey();
    await written(place, 'one\n');
    const [name] = await segmentsOf(place);
    const [archive] = (await readdir(join(place.folder, 'logs'))).filter((entry) => entry.length === 32);
    await truncate(join(place.folder, 'logs', archive!, name!), 40);
    const { status, stderr } = await written(place, 'two\n');
    expect(status).toBe(3);
    expect(stderr).toContain('sealpipe logs recover');
  });

  it('fails with 5 where the key is not there, and with 1 where there is no input', async () => {
    const place = await placeWithKey();
    const { status } = await command(['logs', 'write', '-k', 'file:absent', 'logs'], place);
    expect(status).toBe(5);
    const child = spawn('/bin/sh', ['-c', `sealpipe ${WRITE.join(' ')} <&-`], {
      cwd: place.folder,
      env: { ...process.env, ...place.env },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  });

  it('fails with 1 where the folder cannot be written', async () => {
    const place = await placeWithKey();
    await writeFile(join(place.folder, 'logs'), '');
    expect(await written(place, 'one\n')).toMatchObject({ status: 1 });
  });
});

describe('the first signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s reads on to the end of the input, seals it, and is no failure',
    async (signal) => {
      const place = await placeWithKey();
      const { child, ended } = await writing(place);
      child.kill(signal);
      await untilDelivered(child);
      child.stdin?.end('two\nthree');
      expect(await ended).toMatchObject({ status: 0, stderr: '' });
      expect(await printed(place)).toEqual(['one\ntwo\nthree\n', 0]);
      expect(await segmentsOf(place)).toEqual([expect.stringMatching(/\.sealed$/)]);
    },
  );

  it('reads on for 5 s at most where the source stays silent', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    const from = performance.now();
    child.kill('SIGTERM');
    child.stdin?.write('two\nhalf of a li');
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
    expect(performance.now() - from).toBeGreaterThan(4_900);
    expect(await printed(place)).toEqual(['one\ntwo\nhalf of a li\n', 0]);
  });

  it('to the whole group leaves the last lines of the source in the archive', async () => {
    const place = await placeWithKey();
    const app = 'trap "sleep 0.3; echo shut down; exit 0" TERM; echo one; while :; do sleep 0.05; done';
    const child = spawn(
      '/bin/sh',
      ['-c', `sh -c '${app}' | sealpipe ${WRITE.join(' ')} --flush-every 50ms`],
      {
        cwd: place.folder,
        env: { ...process.env, ...place.env },
        stdio: 'ignore',
        detached: true,
      },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    onTestFinished(() => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    });
    await until(async () => (await linesSoFar(place)) === 'one\n', 'a line in the archive');
    process.kill(-child.pid!, 'SIGTERM');
    await ended;
    await until(async () => (await segmentsOf(place)).every((name) => name.endsWith('.sealed')), 'its end');
    expect(await printed(place)).toEqual(['one\nshut down\n', 0]);
  });

  it('is the last to be waited for: a second one ends at once, and what was flushed stays', async () => {
    const place = await placeWithKey();
    expect(await signalled(await writing(place), 'SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    expect(await printed(place)).toEqual(['one\n', 0]);
  });
});

describe('SIGHUP', () => {
  it('begins a new segment, as often as it comes', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    for (const count of [2, 3]) {
      child.kill('SIGHUP');
      await until(async () => (await segmentsOf(place)).length === count, 'another segment');
      child.stdin?.write(`more ${count}\n`);
      await until(async () => (await linesSoFar(place)).includes(`more ${count}`), 'a line in it');
    }
    child.stdin?.end();
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
    expect(await printed(place)).toEqual(['one\nmore 2\nmore 3\n', 0]);
  });
});

describe('a source that fails', () => {
  it('has all that it gave sealed', async () => {
    const place = await placeWithKey();
    const { child, ended } = start(WRITE, place);
    child.stdin?.write('one\ntwo');
    child.stdin?.destroy();
    expect((await ended).status).toBe(0);
    expect(await printed(place)).toEqual(['one\ntwo\n', 0]);
  });
});
