import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadAddon } from '../../../../../src/crypto/native/addon.js';
import { onlyWhere } from '../../../../support/prerequisite.js';
import { runProcess } from '../../../../support/run-process.js';
import type { Place } from '../../../support/command.js';
import { command, namesIn, start, until } from '../../../support/running.js';
import { following, placeWithKey, printed, writing, written } from '../archives.js';

const run = promisify(execFile);
const TAIL = ['logs', 'tail', '-k', 'file:k', 'logs'];

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals and pipes are for POSIX'));

/** The folder of the only archive. */
async function folderOf({ folder }: Place): Promise<string> {
  const [archive] = (await readdir(join(folder, 'logs'))).filter((name) => name.length === 32);
  return join(folder, 'logs', archive!);
}

/** Its segments, by their paths. */
async function segmentsOf(place: Place): Promise<string[]> {
  const archive = await folderOf(place);
  const names = (await readdir(archive)).filter((name) => /\.(open|sealed)$/.test(name));
  return names.sort().map((name) => join(archive, name));
}

describe('logs cat', () => {
  it('of an archive that is being written ends at its last whole frame, with 0', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    expect(await printed(place)).toEqual(['one\n', 0]);
    child.stdin?.end();
    await ended;
  });

  it('ends with 4 after printing the lines before it, if bytes at its open end do not verify', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place);
    child.kill('SIGKILL');
    await ended;
    await appendFile((await segmentsOf(place)).at(-1)!, Buffer.alloc(100));
    expect(await printed(place)).toEqual(['one\n', 4]);
    expect(await printed(place, '-o', 'out')).toEqual(['', 4]);
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toBe('one\n');
    expect((await command(['logs', 'verify', '-k', 'file:k', 'logs'], place)).status).toBe(4);
    // The next writer vouches for what it found.
    await written(place, 'two\n');
    expect(await printed(place)).toEqual(['one\ntwo\n', 0]);
  });

  it('finds a text, not a pattern', async () => {
    const place = await placeWithKey();
    await written(place, 'a.c\nabc\n[x\n-v\n\u001b[31mred\n');
    expect(await printed(place, '--grep', 'a.c')).toEqual(['a.c\n', 0]);
    expect(await printed(place, '--grep', '[')).toEqual(['[x\n\u001b[31mred\n', 0]);
    expect(await printed(place, '--grep', '-v')).toEqual(['-v\n', 0]);
    expect(await printed(place, '--grep', 'nothing')).toEqual(['', 0]);
  });

  it('ends silently with 141 if its reader leaves', async () => {
    const place = await placeWithKey();
    await written(place, 'a line of some length\n'.repeat(200_000));
    const script = 'sealpipe logs cat -k file:k logs | head -n 1; echo $PIPESTATUS';
    const { stdout, stderr } = await run('bash', ['-c', script], {
      cwd: place.folder,
      env: { ...process.env, ...place.env } as NodeJS.ProcessEnv,
    });
    expect([stdout, stderr]).toEqual(['a line of some length\n141\n', '']);
  });

  it('leaves no file if the archive is inconsistent', async () => {
    const place = await placeWithKey();
    for (const line of ['one\n', 'two\n', 'three\n']) await written(place, line);
    await rm((await segmentsOf(place))[1]!);
    expect(await printed(place, '-o', 'out')).toEqual(['', 3]);
    expect(await namesIn(place.folder)).toEqual(['k', 'logs']);
  });

  it('writes all that it read before the archive ceased to hold together', async () => {
    const place = await placeWithKey();
    for (const text of ['a line of some length\n'.repeat(40_000), 'two\n', 'three\n', 'four\n'])
      await written(place, text);
    await rm((await segmentsOf(place))[2]!);
    // More than the pipe holds waits to be written when the fault is found.
    const script = 'sealpipe logs cat -k file:k logs | (sleep 1.5; wc -l); echo $PIPESTATUS';
    const { stdout } = await run('bash', ['-c', script], {
      cwd: place.folder,
      env: { ...process.env, ...place.env } as NodeJS.ProcessEnv,
    });
    expect(stdout).toBe('40000\n3\n');
  });

  it('of one archive of several takes its folder', async () => {
    const place = await placeWithKey();
    await written(place, 'one\n');
    const archive = await folderOf(place);
    await rename(archive, join(place.folder, 'kept'));
    await written(place, 'two\n', '--accept-loss');
    await rename(join(place.folder, 'kept'), archive);
    const { stdout } = await command(['logs', 'cat', '-k', 'file:k', `${archive}/`], place);
    expect(stdout.toString()).toBe('one\n');
    expect((await printed(place))[0]).toBe('one\ntwo\n');
  });
});

describe('logs tail', () => {
  it('follows from segment to segment, and ends with the signal', async () => {
    const place = await placeWithKey();
    const writer = await writing(place);
    const tail = await following(place);
    writer.child.stdin?.write('two\n');
    await until(() => tail.printed() === 'one\ntwo\n', 'a line that came later');
    writer.child.kill('SIGHUP');
    await until(async () => (await segmentsOf(place)).length === 2, 'a segment');
    writer.child.stdin?.write('three\n');
    await until(() => tail.printed() === 'one\ntwo\nthree\n', 'a line of the next segment');
    tail.child.kill('SIGINT');
    expect(await tail.ended).toMatchObject({ status: 130, stderr: '' });
    writer.child.stdin?.end();
    await writer.ended;
  });

  it('ends with 141 at the first line that nobody reads', async () => {
    const place = await placeWithKey();
    const writer = await writing(place);
    const tail = await following(place);
    tail.child.stdout?.destroy();
    writer.child.stdin?.end('two\n');
    expect(await tail.ended).toMatchObject({ status: 141, stderr: '' });
    await writer.ended;
  });

  it('ends with 141 once the reader of its pipe has left, although no line comes', async (context) => {
    onlyWhere(context, typeof loadAddon() !== 'string', 'the addon tells');
    const place = await placeWithKey();
    const writer = await writing(place);
    const line = `{ sealpipe ${TAIL.join(' ')} -f; echo $? > status; } | grep -m1 one`;
    const { status, stdout, stderr } = await runProcess('sh', ['-c', line], {
      cwd: place.folder,
      env: place.env,
    });
    expect([status, stdout, stderr]).toEqual([0, 'one\n', '']);
    expect(await readFile(join(place.folder, 'status'), 'utf8')).toBe('141\n');
    writer.child.stdin?.end();
    await writer.ended;
  });

  it.each([
    [['-n', '2'], 'two\nthree\n'],
    [['-n', '0'], ''],
    [['-n2'], 'two\nthree\n'],
    [[], 'one\ntwo\nthree\n'],
  ])('%j gives %j', async (words, lines) => {
    const place = await placeWithKey();
    await written(place, 'one\ntwo\n');
    await written(place, 'three\n');
    const { stdout, status } = await command([...TAIL, ...words], place);
    expect([stdout.toString(), status]).toEqual([lines, 0]);
  });
});

describe('logs verify', () => {
  const verify = (place: Place, ...words: string[]) => command(['logs', 'verify', 'logs', ...words], place);
  const KEY = ['-k', 'file:k'];

  it('is 0 with the keys, 4 without, 0 with a checkpoint, and 3 where the checkpoint is not met', async () => {
    const place = await placeWithKey();
    for (const line of ['one\n', 'two\n']) await written(place, line);
    const { stdout } = await command(['logs', 'checkpoint', ...KEY, 'logs'], place);
    await writeFile(join(place.folder, 'cp'), stdout);
    const statuses = async () =>
      Promise.all(
        [KEY, [], ['--checkpoint', 'cp'], [...KEY, '--checkpoint', 'cp'], [...KEY, '--require-closed']].map(
          async (words) => (await verify(place, ...words)).status,
        ),
      );
    expect(await statuses()).toEqual([0, 4, 0, 0, 4]);
    await rm((await segmentsOf(place)).at(-1)!);
    expect(await statuses()).toEqual([0, 4, 3, 3, 4]);
    const other = { ...JSON.parse(stdout.toString()), archive: '0'.repeat(32) };
    await writeFile(join(place.folder, 'cp'), JSON.stringify(other));
    expect((await verify(place, ...KEY, '--checkpoint', 'cp')).status).toBe(3);
  });

  it('is 4 for an archive that has no segment yet, and says so', async () => {
    const place = await placeWithKey();
    await written(place, 'one\n');
    await mkdir(join(place.folder, 'logs', '0'.repeat(32)));
    const { stdout, stderr, status } = await verify(place, ...KEY);
    expect([status, stdout.toString()]).toEqual([4, expect.stringContaining('has no segment yet')]);
    expect(stdout.toString()).toContain('verified, open');
    expect(stderr).toContain('not verified: nothing is wrong');
    expect(stderr).toContain('The first one is there once a writer has started and has its key');
  });

  it('is 3 for a gap, a segment that was changed and one that was renamed to another index', async () => {
    const place = await placeWithKey();
    for (const line of ['one\n', 'two\n', 'three\n']) await written(place, line);
    const [, second] = (await segmentsOf(place)) as [string, string];
    const bytes = await readFile(second);
    const changed = Buffer.from(bytes);
    changed[changed.length - 30]! ^= 1;
    await writeFile(second, changed);
    expect((await verify(place, ...KEY)).status).toBe(3);
    await writeFile(second, bytes);
    expect((await verify(place, ...KEY)).status).toBe(0);
    const renamed = second.replace('000000000001', '000000000007');
    await rename(second, renamed);
    expect((await verify(place, ...KEY)).status).toBe(3);
    await rm(renamed);
    const { status, stdout } = await verify(place, ...KEY, '--json');
    expect([status, JSON.parse(stdout.toString()).archives[0].gaps]).toEqual([3, [{ from: 1, to: 1 }]]);
  });

  it('takes the key of this machine where no other was named', async () => {
    const place = await placeWithKey();
    await command(['kms', 'create-key', '-q', '--alias', 'default'], place);
    const { child, ended } = start(['logs', 'write', '-q', 'logs'], place);
    child.stdin?.end('one\n');
    expect((await ended).status).toBe(0);
    expect((await verify(place)).status).toBe(0);
    const elsewhere = { ...place, env: { ...place.env, SEALPIPE_HOME: join(place.folder, 'none') } };
    expect((await verify(elsewhere)).status).toBe(4);
  });
});
