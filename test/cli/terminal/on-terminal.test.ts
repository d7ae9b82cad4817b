import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { KEY_TEXT, namesIn } from '../support/running.js';
import { onTerminal } from '../support/terminal.js';

const ESCAPE = String.fromCharCode(27);
const END_OF_INPUT = String.fromCharCode(4);

beforeEach((context) => prerequisite(context, toolPath('python3') !== undefined, 'python3'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello\n');
  return place;
}

/** Runs a command that must not fail, without a terminal. */
async function done(words: readonly string[], place: Place): Promise<void> {
  const { status, stderr } = await onTerminal('', words, place);
  expect([status, stderr]).toEqual([0, expect.any(String)]);
}

describe('on a terminal', () => {
  it('no ciphertext and no secret is shown', async () => {
    const place = await placeWithKey();
    const shown = await onTerminal('1', ['encrypt', '-k', 'file:k', 'a'], place);
    expect(shown).toMatchObject({ status: 2, terminal: '' });
    expect(shown.stderr).toContain('a terminal cannot show a sealed stream');
    expect(await onTerminal('12', ['encrypt', '-k', 'file:k', 'a', '-o', '-'], place)).toMatchObject({
      status: 2,
    });
    await done(['kms', 'create-key', '--alias', 'b'], place);
    expect(await onTerminal('1', ['kms', 'export', 'alias/b'], place)).toMatchObject({
      status: 2,
      terminal: '',
    });
  });

  it('plaintext is shown, and neither a sealed stream nor a key can be typed', async () => {
    const place = await placeWithKey();
    await done(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place);
    expect(await onTerminal('1', ['decrypt', '-k', 'file:k', 's'], place)).toMatchObject({
      status: 0,
      terminal: 'hello\r\n',
    });
    const typed = await onTerminal('0', ['decrypt', '-k', 'file:k', '-o', 'b'], place);
    expect(typed).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be typed') });
    for (const words of [
      ['verify', '-'],
      ['kms', 'import'],
    ]) {
      const refused = await onTerminal('0', words, place);
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be typed') });
    }
    expect(await namesIn(place.folder)).toEqual(['a', 'k', 's']);
  });

  it('what is typed is sealed', async () => {
    const place = await placeWithKey();
    const input = `typed\n${END_OF_INPUT}`;
    const typed = await onTerminal('0', ['encrypt', '-k', 'file:k', '-o', 's'], place, { input });
    expect(typed).toMatchObject({ status: 0, stderr: expect.stringContaining('until Ctrl-D') });
    expect((await onTerminal('', ['decrypt', '-k', 'file:k', 's'], place)).stdout).toBe('typed\n');
  });

  it('errors have colour, unless NO_COLOR is set, and in a pipe they have none', async () => {
    const place = await placeWithKey();
    const words = ['inspect', 'none'];
    expect((await onTerminal('2', words, place)).terminal).toContain(
      `${ESCAPE}[31merror:${ESCAPE}[0m cannot read`,
    );
    const plain = await onTerminal('2', words, place, { env: { NO_COLOR: '1' } });
    expect(plain.terminal).toBe('sealpipe: error: cannot read none: no such file or directory\r\n');
    expect((await onTerminal('', words, place)).stderr).not.toContain(ESCAPE);
  });

  it('progress is shown on standard error alone, with rate and time left', async () => {
    const place = await placeWithKey();
    const slow = ['encrypt', '-k', 'file:k', '--expected-size', '4096', '-o'];
    const program = (wait: string) => [
      '--',
      'sh',
      '-c',
      `head -c 1024 /dev/zero; ${wait}; head -c 3072 /dev/zero`,
    ];
    const env = { SEEN: join(place.home, '../seen') };
    const untilShown = program('until grep -q "25 %" "$SEEN"; do sleep 0.1; done 2> /dev/null');
    const shown = await onTerminal('2', [...slow, 's', ...untilShown], place, { env });
    expect(shown).toMatchObject({ status: 0, stdout: '' });
    expect(shown.terminal).toMatch(/1 KiB of 4 KiB, 25 %, [0-9.]+ (Ki)?B\/s, [0-9a-z ]+ left/);
    expect(shown.terminal.endsWith(`\r${ESCAPE}[K`)).toBe(true);
    const unwanted = await onTerminal('2', [...slow, 't', '--no-progress', ...program('sleep 1.6')], place);
    expect(unwanted).toMatchObject({ status: 0, terminal: '' });
    expect(await readFile(join(place.folder, 't'))).not.toHaveLength(0);
  });
});
