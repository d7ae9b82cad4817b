import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT, namesIn } from '../support/running.js';

const DIES = ['--', 'sh', '-c', 'echo part; sleep 0.5; exit 7'];

describe('a run that seals and fails says what it left', () => {
  let place: Place;
  beforeEach(async () => {
    place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
    await writeFile(join(place.folder, 'old'), 'old');
  });
  const seal = (...words: string[]) => command(['encrypt', '-k', 'file:k', ...words], place);

  it('on standard output: a part that nobody should keep', async () => {
    const { status, stdout, stderr } = await seal(...DIES);
    expect([status, stdout.length > 0]).toEqual([1, true]);
    expect(stderr).toContain('sh exited with status 7');
    expect(stderr).toContain('What was written to standard output has no end: delete it.\n');
    expect(stderr).not.toContain('no file');
  });

  it('at a device or a FIFO, which stays: a part that nobody should use', async () => {
    const { status, stderr } = await seal('-o', '/dev/null', ...DIES);
    expect(status).toBe(1);
    expect(stderr).toContain('What was written to /dev/null has no end: do not use it.\n');
    expect(stderr).not.toContain('delete');
  });

  it('of the record layout: a part that opens', async () => {
    const { stdout, stderr } = await seal(
      '--layout',
      'record',
      '--',
      'sh',
      '-c',
      'echo part; sleep 1.5; exit 7',
    );
    expect(stderr).toContain('What was written to standard output has no end: it opens as far as it goes');
    await writeFile(join(place.folder, 's'), stdout);
    const opened = await command(['decrypt', '-k', 'file:k', 's'], place);
    expect([opened.status, opened.stdout.toString()]).toEqual([4, 'part\n']);
  });

  it.each([['new'], ['old', '--force']])('under %s: nothing', async (...output) => {
    const { status, stderr } = await seal('-o', ...output, ...DIES);
    expect(status).toBe(1);
    expect(stderr).toContain(`${output[0]} was not created or changed.\n`);
    expect(stderr).not.toContain('delete it');
    expect(await namesIn(place.folder)).toEqual(['k', 'old']);
  });

  it('also if the size is not the expected one', async () => {
    expect((await seal('--expected-size', '3', 'old')).stderr).not.toContain('delete it');
    const short = await seal('--expected-size', '4', 'old');
    expect([short.status, short.stdout.length > 0]).toEqual([1, true]);
    expect(short.stderr).toContain('delete it');
  });

  it('and does not mention it if nothing had been sealed', async () => {
    const { stdout, stderr } = await seal('--', 'no-such-program');
    expect(stdout).toHaveLength(0);
    expect(stderr).toBe('sealpipe: error: cannot run no-such-program: command not found\n');
  });
});
