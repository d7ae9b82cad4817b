import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import type { Ended } from '../../support/running.js';
import { command } from '../../support/running.js';

/** The command with a clock that is so many days ahead. */
function inDays(days: number, words: readonly string[], place: Place): Promise<Ended> {
  const script = `const now=Date.now;Date.now=()=>now()+${days}*86400000`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(script)}`;
  return command(words, place, { env: { NODE_OPTIONS } });
}

/** A key that has sealed `s`, and is to be deleted in seven days. */
async function condemned(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'a'), 'hello');
  for (const words of [
    ['kms', 'create-key', '--alias', 'b'],
    ['encrypt', '-k', 'local:alias/b', 'a', '-o', 's'],
    ['kms', 'delete', 'alias/b', '--in', '7d'],
  ]) {
    expect(await command(words, place)).toMatchObject({ status: 0 });
  }
  return place;
}

const materials = (place: Place) => readdir(join(place.home, 'kms/materials'));

describe('a key past its date of deletion', () => {
  it('still exists for every command, and cannot be used', async () => {
    const place = await condemned();
    const list = await inDays(400, ['kms', 'list', '-q'], place);
    expect(list.stdout.toString()).toMatch(/^[0-9a-f-]{36} {2}PendingDeletion {2}\S+ {2}local:alias\/b\n$/);
    expect(await inDays(400, ['kms', 'describe', 'alias/b'], place)).toMatchObject({ status: 0 });
    expect(await inDays(400, ['decrypt', 's'], place)).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('sealpipe kms undelete local:alias/b'),
    });
    expect(await materials(place)).toHaveLength(1);
  });

  it('comes back', async () => {
    const place = await condemned();
    expect(await inDays(400, ['kms', 'undelete', 'alias/b'], place)).toMatchObject({ status: 0 });
    expect(await command(['decrypt', 's'], place)).toMatchObject({ status: 5 });
    expect(await command(['kms', 'enable', 'alias/b'], place)).toMatchObject({ status: 0 });
    expect((await command(['decrypt', 's'], place)).stdout.toString()).toBe('hello');
  });

  it('is destroyed by purge with --force alone', async () => {
    const place = await condemned();
    expect(await command(['kms', 'purge', 'alias/b', '--force'], place)).toMatchObject({ status: 5 });
    const asked = await inDays(7.1, ['kms', 'purge', 'alias/b'], place);
    expect([asked.status, asked.stderr]).toEqual([2, expect.stringContaining('Give --force')]);
    expect(await materials(place)).toHaveLength(1);
    expect(await inDays(7.1, ['kms', 'purge', 'alias/b', '-f'], place)).toMatchObject({
      status: 0,
      stderr: 'sealpipe: local:alias/b was permanently destroyed\n',
    });
    expect(await materials(place)).toEqual([]);
    expect(await command(['kms', 'undelete', 'alias/b'], place)).toMatchObject({ status: 5 });
    expect(await command(['decrypt', 's'], place)).toMatchObject({ status: 5 });
    expect((await command(['kms', 'list', '-q'], place)).stdout.toString()).toBe('');
  });

  it('comes back from an export, also once it is destroyed', async () => {
    const place = await condemned();
    expect(await command(['kms', 'export', 'alias/b', '-o', 'key.json'], place)).toMatchObject({ status: 0 });
    await inDays(8, ['kms', 'purge', 'alias/b', '-f'], place);
    const imported = await command(['kms', 'import', 'key.json', '--alias', 'b'], place);
    expect([imported.status, imported.stdout.toString()]).toEqual([0, 'local:alias/b\n']);
    expect((await command(['decrypt', 's'], place)).stdout.toString()).toBe('hello');
  });
});
