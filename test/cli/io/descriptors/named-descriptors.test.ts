import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { innerModule } from '../../../../scripts/inner-module.mjs';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { sampled } from '../../../support/sample.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn, start } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform === 'linux', 'the names are those of Linux'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello\n');
  await mkdir(join(place.folder, 'sub'));
  await symlink('/dev/fd/5', join(place.folder, 'sub/five'));
  expect(await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).toMatchObject({ status: 0 });
  return place;
}

function bash(line: string, { folder, env }: Place) {
  return runProcess('bash', ['-o', 'pipefail', '-c', line], { cwd: folder, env });
}

describe('an output that is named as a descriptor', () => {
  const names = ['/dev/fd/5', '/proc/self/fd/5', '/dev/../dev/fd/5', 'sub/five', '/proc/thread-self/fd/5'];
  it.each(sampled(names, 3, 'names of a descriptor'))('(%s) is written to where it stands', async (name) => {
    const place = await placeWithKey();
    const line = `exec 5> out; echo before >&5; sealpipe decrypt -k file:k s -o ${name}; st=$?; echo after >&5; exit $st`;
    expect(await bash(line, place)).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toBe('before\nhello\nafter\n');
  });

  it('is the file that it was opened for, also when that has no name any more', async () => {
    const place = await placeWithKey();
    const line =
      'exec 5<> gone; rm gone; sealpipe encrypt -k file:k a -f -o /dev/fd/5 && cat /dev/fd/5 | sealpipe decrypt -k file:k';
    expect(await bash(line, place)).toMatchObject({ status: 0, stdout: 'hello\n', stderr: '' });
    expect(await namesIn(place.folder)).toEqual(['a', 'k', 's', 'sub']);
  });

  it.each(['5>&1', '5> >(cat)', '4>&1 5>&4'])('may be a pipe (%s)', async (redirection) => {
    const place = await placeWithKey();
    const line = `{ sealpipe encrypt -k file:k a -o /dev/fd/5 ${redirection}; } | sealpipe decrypt -k file:k`;
    expect(await bash(line, place)).toMatchObject({ status: 0, stdout: 'hello\n', stderr: '' });
  });

  it('may be a socket, but one of bytes', async () => {
    const place = await placeWithKey();
    const { child, ended } = start(['decrypt', '-k', 'file:k', 's', '-o', '/dev/fd/3'], place, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    expect((await buffer(child.stdio[3] as Readable)).toString()).toBe('hello\n');
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
  });

  it('may be standard error', async () => {
    expect(await bash('sealpipe decrypt -k file:k s -o /dev/stderr', await placeWithKey())).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'hello\n',
    });
  });

  it('is not emptied by a failure, and its reader tells by the status', async () => {
    const place = await placeWithKey();
    expect(
      await bash('head -c 1140 s > cut; exec 5> out; sealpipe decrypt -k file:k cut -o /dev/fd/5', place),
    ).toMatchObject({ status: 4 });
    expect(
      await bash(
        '{ sealpipe encrypt -k file:k /dev/zero -o /dev/fd/5 5>&1 >/dev/null; echo $? >&2; } | head -c 5 > out',
        place,
      ),
    ).toMatchObject({ stderr: '141\n' });
  });
});

describe('a descriptor that the command was not started with', () => {
  it('does not exist for it, although Node has it open', async () => {
    const place = await placeWithKey();
    const module = await innerModule('src/cli/io/descriptors/inherited-descriptors.ts');
    const script = `
      const { readdirSync, openSync } = await import('node:fs');
      const { isInherited } = await import(${JSON.stringify(module)});
      openSync('/etc/passwd');
      console.log(JSON.stringify(readdirSync('/proc/self/fd').map(Number).filter((fd) => fd < 60 && isInherited(fd))));`;
    const line = `exec "${process.execPath}" --input-type=module -e "$1" 3< a 5> out 17<> k 22< <(cat a) 24> >(cat)`;
    const { stdout } = await runProcess('bash', ['-c', line, 'bash', script], { cwd: place.folder });
    expect(JSON.parse(stdout).sort((a: number, b: number) => a - b)).toEqual([0, 1, 2, 3, 5, 17, 22, 24]);
  });

  it.each(['encrypt -k file:k NAME', 'encrypt -k file:k a -o NAME', 'decrypt -k file:NAME s'])(
    '%s',
    async (line) => {
      const place = await placeWithKey();
      for (const descriptor of [10, 16, 18]) {
        const { status, stderr } = await bash(
          `sealpipe ${line.replace('NAME', `/dev/fd/${descriptor}`)}`,
          place,
        );
        expect([
          line.includes('file:N') ? 5 : 1,
          expect.stringContaining('no such file or directory'),
        ]).toEqual([status, stderr]);
      }
    },
  );

  it('is not handed to a program whose arguments happen to name it', async () => {
    const place = await placeWithKey();
    const names = Array.from({ length: 60 }, (_, at) => `/dev/fd/${at + 3}`).join(' ');
    const seen = `sh -c 'for f; do test -e $f && echo $f; done; true' sh ${names}`;
    const plain = await bash(`${seen} 6< a`, place);
    const sealed = await bash(
      `sealpipe encrypt -k file:k -- ${seen} 6< a | sealpipe decrypt -k file:k`,
      place,
    );
    expect([sealed.status, sealed.stdout]).toEqual([0, plain.stdout]);
    expect(plain.stdout).toContain('/dev/fd/6');
  });
});
