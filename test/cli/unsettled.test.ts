import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from './support/command.js';
import { command, KEY_TEXT, namesIn } from './support/running.js';

/** A module that makes some functions of Node never come back, as a loader or another runtime may. */
const hanging = (...names: string[]) => `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
for (const name of ${JSON.stringify(names)}) fs.promises[name] = () => new Promise(() => undefined);
syncBuiltinESMExports();
`;

describe('a command that waits for what never comes', () => {
  it.each([
    ['open', 'before its first byte'],
    ['link', 'after its last byte'],
  ])('in %s(), %s, fails, says so and leaves nothing', async (name) => {
    const place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
    const script = join(place.home, '../hang.mjs');
    await writeFile(script, hanging(name));
    const env = { NODE_OPTIONS: `--import ${script}` };
    const ended = await command(['encrypt', '-k', 'file:k', '-o', 'out', '-q'], place, { env });
    expect([ended.status, ended.stdout.length]).toEqual([1, 0]);
    expect(ended.stderr).toMatch(
      /^sealpipe: error: the work was not done: .*\n {2}Nothing that it has written/,
    );
    expect(await namesIn(place.folder)).toEqual(['k']);
  });
});

/** A module that makes the system find out late that there is no room. */
const LATE = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const full = () => Object.assign(new Error('EDQUOT: disk quota exceeded, fsync'), { code: 'EDQUOT', syscall: 'fsync' });
fs.fsync = (fd, callback) => setImmediate(callback, full());
syncBuiltinESMExports();
`;

describe('a standard output that is a file', () => {
  it('is done only once the system has written it, and not if that fails at the end', async () => {
    const place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
    const script = join(place.home, '../late.mjs');
    await writeFile(script, LATE);
    const handle = await open(join(place.folder, 'out'), 'w');

    const ended = await command(['encrypt', '-k', 'file:k'], place, {
      env: { NODE_OPTIONS: `--import ${script}` },
      stdio: ['pipe', handle.fd, 'pipe'],
    });
    await handle.close();
    expect([ended.status, ended.stderr]).toEqual([
      1,
      'sealpipe: error: cannot write standard output: disk quota exceeded\n',
    ]);
  });
});
