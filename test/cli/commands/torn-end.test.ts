import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT, start } from '../support/running.js';

const SIZE = 3_000_000;
const FRAME = 65_536;

describe('a stream that was cut short', () => {
  it.each([
    ['record', 'a file'],
    ['record', 'a pipe'],
    ['fixed', 'a pipe'],
  ])('in the %s layout, from %s: all that verified goes out, to a slow reader, too', async (layout, from) => {
    const place = await makePlace();
    const at = (name: string) => join(place.folder, name);
    await writeFile(at('k'), KEY_TEXT, { mode: 0o600 });
    await writeFile(at('a'), Buffer.alloc(SIZE, 'a'));
    const seal = ['encrypt', '-k', 'file:k', '--layout', layout, 'a', '-o', 's'];
    expect(await command(seal, place)).toMatchObject({ status: 0 });
    const sealed = await readFile(at('s'));
    await writeFile(at('s'), sealed.subarray(0, -30));
    const { child, ended } = start(['decrypt', '-k', 'file:k', ...(from === 'a file' ? ['s'] : [])], place);
    child.stdin?.end(from === 'a file' ? '' : sealed.subarray(0, -30));
    child.stdout?.pause();
    await pause(700);
    child.stdout?.resume();
    const { status, stdout } = await ended;
    expect([status, stdout.length]).toEqual([4, Math.floor(SIZE / FRAME) * FRAME]);
  });
});
