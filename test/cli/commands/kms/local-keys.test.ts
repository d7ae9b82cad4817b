import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../../support/command.js';
import { command, namesIn } from '../../support/running.js';

describe('kms create-key', () => {
  it('creates one key if several processes want the same alias at once, and leaves no other', async () => {
    const place = await makePlace();
    const words = ['kms', 'create-key', '--alias', 'a', '-q'];
    const ended = await Promise.all([1, 2, 3, 4].map(() => command(words, place)));
    expect(ended.map(({ status }) => status).sort()).toEqual([0, 2, 2, 2]);
    const { stdout } = await command(['kms', 'list', '-q'], place);
    expect(stdout.toString()).toMatch(/^[0-9a-f-]{36} {2}Enabled {3}\S+ {2}local:alias\/a\n$/);
    expect(await namesIn(join(place.home, 'kms/materials'))).toHaveLength(1);
  });
});

describe('kms import', () => {
  it('refuses what is too long to be a key, and leaves no folder', async () => {
    const place = await makePlace();
    await writeFile(join(place.folder, 'long'), Buffer.alloc(300_000, ' '));
    expect(await command(['kms', 'import', 'long'], place)).toMatchObject({
      status: 3,
      stderr: 'sealpipe: error: cannot import long: the exported key is malformed: it is too long\n',
    });
    await expect(namesIn(place.home)).rejects.toThrow('ENOENT');
  });
});
