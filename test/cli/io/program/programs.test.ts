import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the programs are for POSIX'));

/** Makes Node take its time to close a file, as a busy machine does. */
const SLOW_CLOSE = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const close = fs.close;
fs.close = (fd, callback) => setTimeout(() => close(fd, callback), 400);
syncBuiltinESMExports();
`;

async function slowPlace(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  const script = join(place.home, '../slow.mjs');
  await writeFile(script, SLOW_CLOSE);
  return { ...place, env: { ...place.env, NODE_OPTIONS: `--import ${script}` } };
}

describe('a program that has ended before anybody reads what it wrote', () => {
  it('and failed is reported as usual', async () => {
    const place = await slowPlace();
    const ended = await command(
      ['encrypt', '-k', 'file:k', '-o', 's', '--', 'sh', '-c', 'echo a; exit 4'],
      place,
    );
    expect([ended.status, ended.stderr]).toEqual([
      1,
      'sealpipe: error: sh exited with status 4, so the sealed stream was not finished\n' +
        '  s was not created or changed.\n',
    ]);
    expect(await namesIn(place.folder)).toEqual(['k']);
  });

  it.each(['/tmp', '/nonexistent'])('is sealed completely (TMPDIR=%s)', async (TMPDIR) => {
    const place = await slowPlace();
    const words = ['encrypt', '-k', 'file:k', '-o', 's', '--', 'head', '-c', '50000', '/dev/zero'];
    expect(await command(words, place, { env: { TMPDIR } })).toMatchObject({ status: 0, stderr: '' });
    const { stdout } = await command(['decrypt', '-k', 'file:k', 's'], place);
    expect(stdout.length).toBe(50_000);
  });
});
