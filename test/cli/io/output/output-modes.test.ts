import { chmod, chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { KEY_TEXT } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'modes are for POSIX'));

/** Runs lines of a shell in a place with the key `k`, the file `a` and the sealed file `s`. */
async function shell(script: string): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  const made = 'set -e; umask 022; printf hello > a; sealpipe encrypt -k file:k a -o s;';
  const { folder: cwd, env } = place;
  const { status, stderr } = await runProcess('sh', ['-c', `${made}\n${script}`], { cwd, env });
  expect([status, stderr]).toEqual([0, '']);
  return place;
}

async function modeOf({ folder }: Place, name: string): Promise<string> {
  return ((await stat(join(folder, name))).mode & 0o7777).toString(8);
}

describe('an output file', () => {
  it('is not more open than what it was made of', async () => {
    const place = await shell(`chmod 600 a s
      sealpipe decrypt -k file:k s -o opened; sealpipe decrypt -k file:k -o typed < s
      sealpipe encrypt -k file:k a -o sealed; sealpipe encrypt -k file:k --layout record a -o log
      chmod 640 s; sealpipe decrypt -k file:k s -o shared; cat s | sealpipe decrypt -k file:k -o piped`);
    const modes = ['opened', 'typed', 'sealed', 'log', 'shared', 'piped'].map((name) => modeOf(place, name));
    expect(await Promise.all(modes)).toEqual(['600', '600', '600', '600', '640', '644']);
  });

  it('is what the umask says if the source is more open', async () => {
    const place = await shell('chmod 666 s; umask 077; sealpipe decrypt -k file:k s -o opened');
    expect(await modeOf(place, 'opened')).toBe('600');
  });

  it('keeps no more of the mode of the file that it replaces than its source allows', async () => {
    const place = await shell(`echo old > b; echo old > c; chmod 666 b; chmod 600 c s
      sealpipe decrypt -k file:k s -f -o b; chmod 644 s; sealpipe decrypt -k file:k s -f -o c`);
    expect([await modeOf(place, 'b'), await modeOf(place, 'c')]).toEqual(['600', '600']);
  });

  it('opens to no other group what was closed to it', async (context) => {
    prerequisite(context, process.getuid?.() === 0, 'the right to give files away');
    const place = await shell('');
    const at = (name: string) => join(place.folder, name);
    await chmod(at('s'), 0o640);
    await chown(at('s'), 0, 65_534);
    await writeFile(at('b'), 'old', { mode: 0o640 });
    await chown(at('b'), 0, 65_534);
    const { folder: cwd, env } = place;
    const line = 'sealpipe decrypt -k file:k s -o new && sealpipe encrypt -k file:k a -f -o b';
    expect(await runProcess('sh', ['-c', line], { cwd, env })).toMatchObject({ status: 0, stderr: '' });
    expect([await modeOf(place, 'new'), await modeOf(place, 'b')]).toEqual(['600', '600']);
  });
});
