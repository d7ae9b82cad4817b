import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command } from '../../support/running.js';

const REWRAP = ['rewrap', '-k', 'file:old', '--to', 'file:new'];
const NEWLINE = 'two\nlines';

let place: Place;
const at = (name: string) => join(place.folder, name);

/**
 * Folder `d`: sealed files, one of them below and one with a newline in its name, and all that lies around in a folder:
 * what is not sealed, an empty file, what runs of ours keep there, and links to a file, to a folder and to itself.
 */
beforeEach(async (context) => {
  onlyWhere(context, process.platform !== 'win32', 'these commands are for POSIX');
  const made = await makePlace();
  place = { ...made, env: { ...made.env, SEALPIPE_KEY: 'file:old\nfile:new' } };
  for (const name of ['old', 'new'])
    await writeFile(at(name), randomBytes(32).toString('hex'), { mode: 0o600 });
  await writeFile(at('plain'), 'plaintext');
  await command(['encrypt', '-k', 'file:old', 'plain', '-o', 'sealed'], place);
  const sealed = await readFile(at('sealed'));
  await mkdir(at('d/below/deeper'), { recursive: true });
  for (const name of ['a', 'z', NEWLINE, 'below/deeper/b']) await writeFile(at(`d/${name}`), sealed);
  for (const name of [`.sealpipe-${'0'.repeat(24)}.tmp`, '.a.sealpipe-rewrap', `.${NEWLINE}.sealpipe-rewrap`])
    await writeFile(at(`d/${name}`), 'x');
  await writeFile(at(`d/.a.${'0'.repeat(16)}.sealpipe-copy`), sealed);
  await symlink('a', at('d/link'));
  await symlink('../..', at('d/below/loop'));
  await symlink('nowhere', at('d/dangling'));
});

describe('a folder', () => {
  it('is verified: every file below it, once', async () => {
    const { status, stdout } = await command(['verify', 'd/', '--json'], place);
    expect(status).toBe(0);
    const rows = String(stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ name }) => name)).toEqual(['d/a', 'd/below/deeper/b', `d/${NEWLINE}`, 'd/z']);
    expect(rows.every(({ complete }) => complete)).toBe(true);
  });

  it('is verified although a file in it is not sealed: that is a fault, and the others are still verified', async () => {
    await writeFile(at('d/below/notes.txt'), 'not sealed at all');
    await writeFile(at('d/empty'), '');
    const { status, stdout, stderr } = await command(['verify', 'd/'], place);
    expect(status).toBe(3);
    expect(String(stdout).match(/whole/g)).toHaveLength(4);
    expect(
      String(stdout)
        .split('\n')
        .filter((line) => line.includes('two')),
    ).toHaveLength(1);
    expect(stderr).toContain('d/below/notes.txt');
  });

  it('is a table, a line each, also of a name with a newline', async () => {
    const { status, stdout } = await command(['inspect', 'd/'], place);
    expect(status).toBe(0);
    const [, , , ...rows] = String(stdout).trim().split('\n');
    expect(rows.map((row) => row.split(/ {2,}/)[0])).toHaveLength(4);
  });

  it('is re-wrapped: every sealed file below it; a second run leaves them as they are', async () => {
    await writeFile(at('d/below/notes.txt'), 'not sealed at all');
    await writeFile(at('d/empty'), '');
    // What was interrupted: a torn journal, which says that nothing had been overwritten.
    await writeFile(at('d/.z.sealpipe-rewrap'), 'x', { mode: 0o600 });
    await chmod(at('d/.a.sealpipe-rewrap'), 0o600);
    await chmod(at(`d/.${NEWLINE}.sealpipe-rewrap`), 0o600);
    const run = async () => {
      const { status, stdout } = await command([...REWRAP, 'd/', '--json'], place);
      const { rewrapped, unchanged, failed, notSealed } = JSON.parse(String(stdout));
      return { status, rewrapped, unchanged, failed, notSealed };
    };
    expect(await run()).toEqual({ status: 0, rewrapped: 4, unchanged: 0, failed: 0, notSealed: 2 });
    expect(await run()).toEqual({ status: 0, rewrapped: 0, unchanged: 4, failed: 0, notSealed: 2 });
    expect(await readFile(at('d/below/notes.txt'), 'utf8')).toBe('not sealed at all');
    const left = await readdir(at('d'));
    expect(left.filter((name) => name.endsWith('.sealpipe-rewrap'))).toEqual([]);
    const { status } = await command(['verify', '-k', 'file:new', 'd/'], {
      ...place,
      env: { ...place.env, SEALPIPE_KEY: undefined },
    });
    expect(status).toBe(3);
  });

  it('is re-wrapped as far as that goes: what fails is named, and a run with it mended does the rest', async () => {
    const whole = await readFile(at('d/z'));
    await writeFile(at('d/z'), whole.subarray(0, 100));
    const { status, stderr } = await command([...REWRAP, 'd/', 'missing'], place);
    expect(status).toBe(4);
    expect(stderr).toContain('d/z');
    expect(stderr).toContain('missing');
    expect(stderr).toContain('2 of 5 files were not re-wrapped');
    await writeFile(at('d/z'), whole);
    const again = await command([...REWRAP, 'd/'], place);
    expect([again.status, again.stderr.includes('1 re-wrapped, 3 unchanged')]).toEqual([0, true]);
  });

  it.each(['verify', 'inspect', 'rewrap'])(
    'that is not there, is a file, or has nothing in it: %s',
    async (name) => {
      await mkdir(at('bare'));
      const words = name === 'rewrap' ? REWRAP : [name];
      for (const operand of ['absent/', 'plain/', 'bare/']) {
        const { status } = await command([...words, operand], place);
        expect([operand, status]).toEqual([operand, 1]);
      }
    },
  );
});
