import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT, namesIn } from '../support/running.js';

const RECORD = ['--layout', 'record'];

describe('what the options say of signals', () => {
  it.each([
    [['--grace', '5s'], '--grace needs --layout record'],
    [['--end-on-signal', '--layout', 'fixed'], '--end-on-signal needs --layout record'],
    [[...RECORD, '--grace', '5'], 'invalid value 5 for --grace'],
    [
      [...RECORD, '--end-on-signal', '--expected-size', '1KiB'],
      '--end-on-signal does not go with --expected-size',
    ],
    [[...RECORD, '--end-on-signal', '--', 'touch', 'started'], '--end-on-signal does not go with -- CMD'],
  ])('is refused before anything is done: %j', async (words, why) => {
    const place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
    const { status, stdout, stderr } = await command(
      ['encrypt', '-k', 'file:k', '-o', 'out', ...words],
      place,
    );
    expect([status, stdout.length, stderr]).toEqual([2, 0, expect.stringContaining(`error: ${why}`)]);
    expect(await namesIn(place.folder)).toEqual(['k']);
  });
});
