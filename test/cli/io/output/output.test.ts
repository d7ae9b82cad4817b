import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, hasTemporary, KEY_TEXT, namesIn, start, until } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'these commands are for POSIX'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  return place;
}

describe('an output file', () => {
  it('is made by one of several commands that are given its name', async () => {
    const place = await placeWithKey();
    const names = ['a', 'b', 'c'];
    const words = (text: string) => [
      'encrypt',
      '-k',
      'file:k',
      '-o',
      'out',
      '--',
      'sh',
      '-c',
      `sleep 0.7; echo ${text}`,
    ];
    const ended = await Promise.all(names.map((name) => command(words(name), place)));
    const winners = names.filter((_, at) => ended[at]?.status === 0);
    expect(winners).toHaveLength(1);
    for (const { status, stderr } of ended) if (status !== 0) expect(stderr).toContain('out already exists');
    const opened = await command(['decrypt', '-k', 'file:k', 'out'], place);
    expect(opened.stdout.toString()).toBe(`${winners[0]}\n`);
    expect(await namesIn(place.folder)).toEqual(['k', 'out']);
  });

  it('is not touched by a command that is killed', async () => {
    const place = await placeWithKey();
    await writeFile(join(place.folder, 'out'), 'before');
    const { child, ended } = start(['encrypt', '-k', 'file:k', '-f', '-o', 'out'], place);
    child.stdin?.write(Buffer.alloc(2_000_000));
    await until(() => hasTemporary(place.folder), 'a temporary file');
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toBe('before');
  });

  it('is the same whatever pieces the input comes in', async () => {
    const place = await placeWithKey();
    const data = Buffer.from(Array.from({ length: 300_001 }, (_, at) => at * 7));
    const { child, ended } = start(['encrypt', '-k', 'file:k', '-o', 'out'], place);
    for (let at = 0; at < data.length; at += 9_973) {
      child.stdin?.write(data.subarray(at, at + 9_973));
      if (at % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.stdin?.end();
    expect(await ended).toMatchObject({ status: 0 });
    const opened = await command(['decrypt', '-k', 'file:k', 'out'], place);
    expect(opened.stdout.equals(data)).toBe(true);
  });
});

describe('a pipe', () => {
  it('of the record layout carries on what has come', async () => {
    const place = await placeWithKey();
    const seal = start(['encrypt', '-k', 'file:k', '--layout', 'record'], place);
    const open = start(['decrypt', '-k', 'file:k'], place);
    let came = '';
    open.child.stdout?.on('data', (chunk: Buffer) => {
      came += chunk;
    });
    seal.child.stdout?.pipe(open.child.stdin!);
    for (const line of ['one\n', 'two\n']) {
      seal.child.stdin?.write(line);
      await until(() => came.endsWith(line), `${line} at the other end`);
    }
    seal.child.stdin?.end();
    expect([(await seal.ended).status, (await open.ended).status, came]).toEqual([0, 0, 'one\ntwo\n']);
  });

  it.each(['decrypt', 'inspect'])(
    'that gives nothing is left by %s when it is interrupted',
    async (command) => {
      const place = await placeWithKey();
      const { child, ended } = start([command, '-o', 'out'], place);
      await until(() => hasTemporary(place.folder), 'a temporary file');
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ status: 130, stderr: '' });
      expect(await namesIn(place.folder)).toEqual(['k']);
    },
  );
});
