import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from './support/command.js';
import { command } from './support/running.js';

describe('the default key', () => {
  it('is one key when many processes make it at once', async () => {
    const place = await makePlace();
    await writeFile(join(place.folder, 'a'), 'hello');
    const names = ['s1', 's2', 's3', 's4', 's5'];
    const sealed = await Promise.all(names.map((name) => command(['encrypt', 'a', '-o', name], place)));
    expect(sealed.map(({ status }) => status)).toEqual(names.map(() => 0));
    expect(sealed.filter(({ stderr }) => stderr.includes('made the key'))).toHaveLength(1);

    const headers = await Promise.all(names.map((name) => command(['inspect', '--json', name], place)));
    const keys = headers.map(({ stdout }) => JSON.parse(stdout.toString()).recipients[0].key);
    expect(new Set(keys).size).toBe(1);

    const list = JSON.parse((await command(['kms', 'list', '--json'], place)).stdout.toString());
    const usable = list.keys.filter(({ state }: { state: string }) => state === 'Enabled');
    expect(usable).toMatchObject([{ keyArn: keys[0], aliases: ['alias/default'] }]);
  });
});
