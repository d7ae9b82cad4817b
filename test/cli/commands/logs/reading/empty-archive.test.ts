import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, namesIn } from '../../../support/running.js';
import { placeWithKey } from '../archives.js';

describe('an archive without a segment', () => {
  it.each([
    ['cat', []],
    ['tail', ['-f']],
    ['checkpoint', []],
  ] as const)('makes %s say what to do if no key was given', async (name, words) => {
    const place = await placeWithKey();
    await mkdir(join(place.folder, 'logs', '0'.repeat(32)), { recursive: true });
    const { status, stdout, stderr } = await command(['logs', name, 'logs', ...words], place);
    expect([status, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^sealpipe: error: there is nothing to read: archive 0{32} has no segment here\n {2}The first one is there once/,
    );
    expect(await namesIn(place.folder)).toEqual(['k', 'logs']);
  });
});
