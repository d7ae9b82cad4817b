import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn, start, until } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'these commands are for POSIX'));

const RECORD = ['encrypt', '-k', 'file:k', '--layout', 'record', '-o', 'log'];

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  return place;
}

async function sizeOf({ folder }: Place, name: string): Promise<number> {
  return stat(join(folder, name)).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What opens of a file, and the status. */
async function opened(place: Place, name = 'log'): Promise<[string, number | null]> {
  const { stdout, status } = await command(['decrypt', '-k', 'file:k', name], place);
  return [stdout.toString(), status];
}

describe('an output file of the record layout', () => {
  it('exists before anything was read, and can be followed while it is written', async () => {
    const place = await placeWithKey();
    const { child, ended } = start(RECORD, place);
    await until(async () => (await sizeOf(place, 'log')) > 0, 'the file');
    await until(async () => (await namesIn(place.folder)).join() === 'k,log', 'nothing beside it');
    const tail = start(['decrypt', '-k', 'file:k'], place);
    let came = '';
    tail.child.stdout?.on('data', (chunk: Buffer) => {
      came += chunk;
    });
    let at = 0;
    const follow = async () => {
      const bytes = await readFile(join(place.folder, 'log'));
      tail.child.stdin?.write(bytes.subarray(at));
      at = bytes.length;
    };
    for (const line of ['one\n', 'two\n']) {
      child.stdin?.write(line);
      await until(async () => follow().then(() => came.endsWith(line)), `${line} in the file`);
    }
    child.stdin?.end();
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
    await follow();
    tail.child.stdin?.end();
    expect([(await tail.ended).status, came, await opened(place)]).toEqual([0, came, ['one\ntwo\n', 0]]);
  });

  it('opens up to what was flushed after kill -9, and nothing is beside it', async () => {
    const place = await placeWithKey();
    const { child, ended } = start(RECORD, place);
    await until(async () => (await sizeOf(place, 'log')) > 0, 'the file');
    const preamble = await sizeOf(place, 'log');
    child.stdin?.write('flushed\n');
    await until(async () => (await sizeOf(place, 'log')) > preamble, 'a frame');
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await opened(place)).toEqual(['flushed\n', 4]);
    expect(await namesIn(place.folder)).toEqual(['k', 'log']);
  });

  it('is unchanged if the key is denied, even with --force', async () => {
    const place = await placeWithKey();
    for (const force of [[], ['-f']]) {
      const words = ['encrypt', '-k', 'local:alias/none', '--layout', 'record', ...force, '-o'];
      if (force.length > 0) await writeFile(join(place.folder, 'log'), 'before');
      expect(await command([...words, 'log'], place)).toMatchObject({ status: 5 });
      expect(await namesIn(place.folder)).toEqual(force.length > 0 ? ['k', 'log'] : ['k']);
    }
    expect(await readFile(join(place.folder, 'log'), 'utf8')).toBe('before');
  });

  it('replaces another only with --force, and then from the first byte on', async () => {
    const place = await placeWithKey();
    await writeFile(join(place.folder, 'log'), 'before', { mode: 0o604 });
    const refused = await command(RECORD, place);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('log already exists')]);
    expect(await readFile(join(place.folder, 'log'), 'utf8')).toBe('before');
    const { child, ended } = start([...RECORD, '-f'], place);
    await until(async () => (await sizeOf(place, 'log')) > 6, 'the new file');
    expect((await stat(join(place.folder, 'log'))).mode & 0o777).toBe(0o604);
    child.stdin?.end('new');
    expect(await ended).toMatchObject({ status: 0 });
    expect(await opened(place)).toEqual(['new', 0]);
  });

  it('goes to one of two commands that are given its name', async () => {
    const place = await placeWithKey();
    const ended = await Promise.all([command(RECORD, place), command(RECORD, place)]);
    expect(ended.map(({ status }) => status).sort()).toEqual([0, 2]);
    expect([await opened(place), await namesIn(place.folder)]).toEqual([
      ['', 0],
      ['k', 'log'],
    ]);
  });

  it('may be moved while it is written, but not removed', async () => {
    const place = await placeWithKey();
    const at = (name: string) => join(place.folder, name);
    for (const [change, status] of [
      [() => rename(at('log'), at('log.1')), 0],
      [() => rm(at('log')), 1],
    ] as const) {
      const { child, ended } = start(RECORD, place);
      await until(async () => (await sizeOf(place, 'log')) > 0, 'the file');
      await change();
      child.stdin?.end('all of it');
      expect(await ended).toMatchObject({ status });
    }
    expect(await opened(place, 'log.1')).toEqual(['all of it', 0]);
  });

  it('keeps what a program wrote before it failed', async () => {
    const place = await placeWithKey();
    const { status, stderr } = await command([...RECORD, '--', 'sh', '-c', 'echo some; exit 7'], place);
    expect([status, stderr]).toEqual([1, expect.stringContaining('sh exited with status 7')]);
    expect(await opened(place)).toEqual(['some\n', 4]);
    const none = ['encrypt', '-k', 'file:k', '--layout', 'record', '-o', 'other', '--', 'no-such-program'];
    expect(await command(none, place)).toMatchObject({ status: 1 });
    expect(await namesIn(place.folder)).toEqual(['k', 'log']);
  });
});
