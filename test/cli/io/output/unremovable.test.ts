import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { prerequisite } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn } from '../../support/running.js';

/** A place with a folder `kept`, in which files can be made and not removed. */
async function placeWithKept(context: TestContext): Promise<Place & { readonly kept: string }> {
  const place = await makePlace();
  const kept = join(place.folder, 'kept');
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello');
  const script = 'mkdir "$0" && chattr +a "$0" && ! mv "$0" "$0" 2> /dev/null; lsattr -d "$0" | grep -q a';
  const { status } = await runProcess('sh', ['-c', script, kept]);
  onTestFinished(async () => void (await runProcess('chattr', ['-a', kept])));
  prerequisite(context, status === 0, 'a folder for chattr +a');
  return { ...place, kept };
}

describe('in a folder that lets nothing be removed', () => {
  it('a file is made, whole, and that is no failure', async (context) => {
    const place = await placeWithKept(context);
    const { status, stderr } = await command(['encrypt', '-k', 'file:k', 'a', '-o', 'kept/s'], place);
    expect([status, stderr]).toEqual([0, '']);
    const opened = await command(['decrypt', '-k', 'file:k', 'kept/s'], place);
    expect(opened.stdout.toString()).toBe('hello');
  });

  it('temporary files do not pile up', async (context) => {
    const place = await placeWithKept(context);
    for (const name of ['b', 'c', 'd'])
      expect(await command(['encrypt', '-k', 'file:k', 'a', '-o', `kept/${name}`], place)).toMatchObject({
        status: 0,
      });
    const names = await readdir(place.kept);
    expect(names.filter((name) => !name.startsWith('.'))).toEqual(['b', 'c', 'd']);
    expect(names.filter((name) => name.startsWith('.'))).toEqual(['.sealpipe.probe']);
    expect((await stat(join(place.kept, 'b'))).nlink).toBe(1);
    expect(await namesIn(place.folder)).toEqual(['a', 'k', 'kept']);
  });

  it('an abandoned file leaves no plaintext', async (context) => {
    const place = await placeWithKept(context);
    await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place);
    const bytes = await readFile(join(place.folder, 's'));
    await writeFile(join(place.folder, 'cut'), bytes.subarray(0, -1));
    expect(await command(['decrypt', '-k', 'file:k', 'cut', '-o', 'kept/b'], place)).toMatchObject({
      status: 4,
    });
    for (const name of await readdir(place.kept)) expect((await stat(join(place.kept, name))).size).toBe(0);
  });

  it('a file is not replaced, for the true reason, and before anything is read', async (context) => {
    const place = await placeWithKept(context);
    await command(['encrypt', '-k', 'file:k', 'a', '-o', 'kept/s'], place);
    const before = await readFile(join(place.kept, 's'));
    const { status, stderr } = await command(['encrypt', '-k', 'file:k', 'a', '-f', '-o', 'kept/s'], place);
    expect([status, stderr]).toEqual([1, 'sealpipe: error: cannot write kept/s: operation not permitted\n']);
    expect((await readFile(join(place.kept, 's'))).equals(before)).toBe(true);
  });
});
