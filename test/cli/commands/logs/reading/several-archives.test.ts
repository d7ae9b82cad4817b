import { appendFile, chmod, chown, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'vitest';
import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../../../../src/index.js';
import { keyFrom } from '../../../../../src/keys/key-from.js';
import { rawKey } from '../../../../../src/keys/raw.js';
import { filesBelow } from '../../../../logs/support/archive-contents.js';
import { openWriter } from '../../../../logs/support/machine.js';
import { NOBODY_KNOWN, onlyWhereOthersRead } from '../../../../support/other-user.js';
import { onlyWhere } from '../../../../support/prerequisite.js';
import type { Place } from '../../../support/command.js';
import { MAIN } from '../../../support/command.js';
import { command, namesIn, until } from '../../../support/running.js';
import { following, placeWithKey, writing } from '../archives.js';

const CAT = ['logs', 'cat', '-k', 'file:k', 'logs'];

/** A user who may not read everything: ourselves, unless we are root. */
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY_KNOWN } : {};

/** Makes everything in a place that user's. */
async function giveAway({ folder }: Place, context: Pick<TestContext, 'skip'>): Promise<void> {
  onlyWhere(context, process.platform !== 'win32', 'modes are for POSIX');
  if (asNobody.uid === undefined) return;
  await onlyWhereOthersRead(context, MAIN);
  await chmod(dirname(folder), 0o711);
  for (const name of ['', ...(await readdir(folder, { recursive: true })).sort()]) {
    await chown(join(folder, name), NOBODY_KNOWN, NOBODY_KNOWN);
  }
}

interface Wish {
  /** Default: the one of the place. */
  readonly key?: KeyProvider;
  /** Whether the last segment is taken before it is ended. */
  readonly open?: boolean;
}

async function cat(place: Place, ...words: string[]) {
  const { stdout, ...ended } = await command([...CAT, ...words], place);
  return { ...ended, stdout: stdout.toString() };
}

/** Writes an archive with a segment for each line. @returns its id, and the paths of its segments */
async function archiveOf(
  place: Place,
  lines: readonly string[],
  { key, open = false }: Wish = {},
): Promise<{ readonly id: string; readonly segments: readonly string[] }> {
  const keys = key ?? (await keyFrom(`file:${join(place.folder, 'k')}`));
  const aside = join(place.folder, 'aside');
  let folder = '';
  let id = '';
  for (const line of lines) {
    const writer = await openWriter(aside, { keys });
    id = writer.archive;
    folder = join(place.folder, 'logs', id);
    writer.append(line);
    await writer.flush();
    if (open) await cp(join(aside, id), folder, { recursive: true, force: true });
    await writer.end();
  }
  if (!open) await rename(join(aside, id), folder);
  await rm(aside, { recursive: true });
  const segments = [...filesBelow(folder).keys()].filter((path) => /\.(sealed|open)$/.test(path));
  return { id, segments: segments.sort() };
}

describe('logs cat of several archives', () => {
  it('prints those that can be read, names the others, and has the gravest status', async () => {
    const place = await placeWithKey();
    await mkdir(join(place.folder, 'logs'));
    const good = await archiveOf(place, ['one', 'two']);
    const key = rawKey({ name: 'other', key: Buffer.alloc(32, 7) });
    const other = await archiveOf(place, ['of another key'], { key });
    expect(await cat(place)).toMatchObject({
      status: 5,
      stdout: 'one\ntwo\n',
      stderr: expect.stringContaining('1 of 2 archives could not be read to the end'),
    });
    const damaged = await archiveOf(place, ['three'], { open: true });
    await appendFile(damaged.segments.at(-1)!, Buffer.alloc(100));
    expect(await cat(place)).toMatchObject({ status: 4, stdout: 'one\ntwo\nthree\n' });
    const torn = await archiveOf(place, ['four', 'five', 'six']);
    await rm(torn.segments[1]!);
    const { status, stdout, stderr } = await cat(place);
    expect([status, stdout]).toEqual([3, 'one\ntwo\nthree\n']);
    for (const { id } of [other, damaged, torn]) expect(stderr).toContain(`error: archive ${id}: `);
    expect(stderr).not.toContain(good.id);
    expect(stderr).toMatch(
      /3 of 4 archives could not be read to the end\n {2}All lines of the others were printed\.\n$/,
    );
    const toFile = await cat(place, '-o', 'out');
    expect([toFile.status, toFile.stdout]).toEqual([3, '']);
    expect(toFile.stderr).toContain('No file was written. logs/ARCHIVE-ID names one archive.');
    expect(await namesIn(place.folder)).toEqual(['k', 'logs']);
  });

  it('prints the others if the folder of one cannot be read', async (context) => {
    const place = await placeWithKey();
    await mkdir(join(place.folder, 'logs'));
    await archiveOf(place, ['one', 'two']);
    const hidden = await archiveOf(place, ['three']);
    await writeFile(join(place.folder, 'logs', hidden.id, 'stored'), 'damaged');
    await giveAway(place, context);
    await chmod(join(place.folder, 'logs', hidden.id), 0);
    for (const words of [['cat'], ['tail', '-n', '3']]) {
      const { status, stdout, stderr } = await command(
        ['logs', ...words, '-k', 'file:k', 'logs'],
        place,
        asNobody,
      );
      expect([status, stdout.toString()]).toEqual([1, 'one\ntwo\n']);
      expect(stderr).toContain(
        `error: archive ${hidden.id}: cannot read the archive in logs: permission denied`,
      );
    }
  });

  it('fails as before for the only archive', async () => {
    const place = await placeWithKey();
    await mkdir(join(place.folder, 'logs'));
    const torn = await archiveOf(place, ['one', 'two', 'three']);
    await rm(torn.segments[1]!);
    const { status, stderr } = await command([...CAT.slice(0, -1), `logs/${torn.id}`], place);
    expect([status, stderr]).toEqual([3, expect.stringContaining('does not hold together')]);
    expect(stderr).not.toContain('could not be read to the end');
  });
});

describe('logs tail of several archives', () => {
  it('prints the last lines of those that can be read, names the others, and has the gravest status', async () => {
    const place = await placeWithKey();
    await mkdir(join(place.folder, 'logs'));
    await archiveOf(place, ['one', 'two']);
    const torn = await archiveOf(place, ['four', 'five', 'six']);
    await rm(torn.segments[1]!);
    const key = rawKey({ name: 'other', key: Buffer.alloc(32, 7) });
    const other = await archiveOf(place, ['of another key'], { key });
    const { status, stdout, stderr } = await command(
      ['logs', 'tail', '-k', 'file:k', '-n', '2', 'logs'],
      place,
    );
    expect([status, stdout.toString()]).toEqual([3, 'one\ntwo\n']);
    for (const { id } of [other, torn]) expect(stderr).toContain(`error: archive ${id}: `);
    expect(stderr).toContain('2 of 3 archives could not be read to the end');
  });

  it('follows those that can be read', async () => {
    const place = await placeWithKey();
    const running = await writing(place);
    const key = rawKey({ name: 'other', key: Buffer.alloc(32, 7) });
    const other = await archiveOf(place, ['of another key'], { key });
    const tail = await following(place);
    running.child.stdin?.end('two\n');
    await running.ended;
    await until(() => tail.printed() === 'one\ntwo\n', 'the second line');
    tail.child.kill('SIGINT');
    expect(await tail.ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining(`error: archive ${other.id}: `),
    });
  });
});
