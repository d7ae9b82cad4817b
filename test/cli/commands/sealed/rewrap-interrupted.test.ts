import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Invocation } from '../../../../src/cli/invocation.js';
import { run } from '../../../../src/cli/run.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { encrypt } from '../../../../src/index.js';
import { keyFrom } from '../../../../src/keys/index.js';
import { tempFolder } from '../../../support/temp-folder.js';

it('rewrap ends with the status of a signal that arrives between two files', async () => {
  const folder = await tempFolder();
  const at = (name: string) => join(folder, name);
  await writeFile(at('old'), Buffer.alloc(32, 1), { mode: 0o600 });
  await writeFile(at('new'), Buffer.alloc(32, 2), { mode: 0o600 });
  const sealed = await encrypt('data', { keys: await keyFrom(`file:${at('old')}`) });
  await writeFile(at('a'), sealed);
  await copyFile(at('a'), at('b'));
  const interruption = new AbortController();
  const said: string[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      said.push(String(chunk));
      interruption.abort('SIGTERM');
      callback();
    },
  });
  const invocation: Invocation = {
    env: { SEALPIPE_HOME: folder },
    signal: interruption.signal,
    heedSignal: () => undefined,
    mayTake: () => undefined,
    divertHangUp: () => undefined,
    terminal: new Terminal(out as unknown as NodeJS.WriteStream, {}),
    newFileMode: 0o644,
  };
  const keys = ['-k', `file:${at('old')}`, '--to', `file:${at('new')}`];
  const status = await run(['rewrap', at('a'), at('b'), ...keys], invocation);
  expect([status, said[0]]).toEqual([143, expect.stringContaining('a: re-wrapped in place')]);
  expect((await readFile(at('a'))).equals(sealed)).toBe(false);
  expect((await readFile(at('b'))).equals(sealed)).toBe(true);
});
