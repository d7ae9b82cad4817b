import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readHeader } from '../../../../src/streams/read-header.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { sampled } from '../../../support/sample.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'these commands are for POSIX'));

const content = randomBytes(300_000);
const F = 65_536;

/** A place with the sealed files `s` (fixed) and `r` (record), and a folder `d` with both and one that is cut. */
async function placeWithSealed(): Promise<Place & { sealed: Buffer }> {
  const made = await makePlace();
  const place = { ...made, env: { ...made.env, SEALPIPE_KEY: 'file:k' } };
  const at = (name: string) => join(place.folder, name);
  await writeFile(at('k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(at('a'), content);
  await command(['encrypt', 'a', '-o', 's'], place);
  await command(['encrypt', '--layout', 'record', 'a', '-o', 'r'], place);
  const sealed = await readFile(at('s'));
  await mkdir(at('d/deep'), { recursive: true });
  await writeFile(at('d/deep/s'), sealed);
  await writeFile(at('d/cut'), sealed.subarray(0, 200_000));
  return { ...place, sealed };
}

const at = (place: Place, name: string) => join(place.folder, name);
const read = (place: Place, name: string) => readFile(at(place, name));

describe('decrypt --range', () => {
  it('gives the bytes of the range, both ends inside, of either layout', async () => {
    const place = await placeWithSealed();
    const ranges = [
      ['1000-1999', 1_000, 2_000],
      ['-4096', 300_000 - 4_096, 300_000],
      ['299990-', 299_990, 300_000],
      ['65535-400000', 65_535, 300_000],
      ['-400000', 0, 300_000],
    ] as const;
    for (const [range, start, end] of sampled(ranges, 3, 'ranges of a stream')) {
      for (const name of ['s', 'r']) {
        const { status, stdout } = await command(['decrypt', '--range', range, name], place);
        expect([range, name, status]).toEqual([range, name, 0]);
        expect(stdout.equals(content.subarray(start, end))).toBe(true);
      }
    }
  });

  it('refuses what is malformed or cannot be satisfied, names the size, and leaves no file', async () => {
    const place = await placeWithSealed();
    const malformed = ['5-4', 'x', '-', '--1', '1,2', '99999999999999999-'];
    for (const range of sampled(malformed, 3, 'malformed ranges')) {
      const { status, stderr } = await command(['decrypt', `--range=${range}`, 's'], place);
      expect([range, status]).toEqual([range, 2]);
      expect(stderr).toContain(range);
    }
    for (const [range, name] of [
      ['300000-', 's'],
      ['300000-300001', 'r'],
      ['-0', 's'],
    ] as const) {
      const { status, stderr } = await command(['decrypt', '--range', range, name, '-o', 'out'], place);
      expect([range, status]).toEqual([range, 2]);
      expect(stderr).toContain('300,000 bytes');
    }
    expect(await namesIn(place.folder)).not.toContain('out');
    const piped = await runProcess('/bin/sh', ['-c', 'cat s | sealpipe decrypt --range 0-1'], {
      cwd: place.folder,
      env: place.env,
    });
    expect(piped.status).toBe(2);
  });
});

describe('verify', () => {
  it('says that a file is complete or where its fault is, for people and for programs', async () => {
    const place = await placeWithSealed();
    const whole = await command(['verify', 's', 'r', '--digest', 'sha256'], place);
    expect([whole.status, whole.stderr]).toEqual([0, '']);
    expect(String(whole.stdout)).toMatch(
      /^s: whole, 300,000 bytes in 5 frames, sha256 [0-9a-f]{64}\nr: whole/,
    );
    const cut = await command(['verify', '--json', 'd/cut'], place);
    expect(cut.status).toBe(4);
    expect(JSON.parse(String(cut.stdout))).toMatchObject({
      name: 'd/cut',
      complete: false,
      frames: 3,
      plaintextBytes: 3 * F,
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', cutShort: true, frame: 3 },
    });
  });

  it('goes through a folder, and ends with the status that weighs most', async () => {
    const place = await placeWithSealed();
    const lines = async (...words: string[]) => {
      const { status, stdout } = await command(['verify', '--json', ...words], place);
      const reports = String(stdout)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return [status, ...reports.map(({ name, complete }) => [name, complete ?? null])];
    };
    expect(await lines('d/')).toEqual([4, ['d/cut', false], ['d/deep/s', true]]);
    expect(await lines('d/', 'missing')).toEqual([
      4,
      ['d/cut', false],
      ['d/deep/s', true],
      ['missing', null],
    ]);
    await writeFile(at(place, 'd/junk'), 'junk');
    expect(await lines('d/', 'missing')).toMatchObject([3, {}, {}, {}, {}]);
    expect(await lines('missing', 's')).toMatchObject([1, ['missing', null], ['s', true]]);
    await mkdir(at(place, 'empty'));
    expect((await command(['verify', 'empty/'], place)).status).toBe(1);
  });

  it('takes a pipe and a sample', async () => {
    const place = await placeWithSealed();
    const { stdout } = await runProcess('/bin/sh', ['-c', 'cat d/cut | sealpipe verify --json -'], {
      cwd: place.folder,
      env: place.env,
    });
    const { fault } = JSON.parse(String((await command(['verify', '--json', 'd/cut'], place)).stdout));
    expect(JSON.parse(stdout)).toMatchObject({ name: '-', frames: 3, sealedBytes: 200_000, fault });
    const sample = await command(['verify', '--sample', '5%', '--json', 's'], place);
    expect(sample.status).toBe(0);
    expect(JSON.parse(String(sample.stdout))).toMatchObject({ complete: false, sample: 5, fault: null });
    for (const words of [
      ['--sample', '0', 's'],
      ['--sample', '5%', 'r'],
      ['--sample', '5', '--digest', 'sha256', 's'],
    ]) {
      expect((await command(['verify', ...words], place)).status).toBe(2);
    }
  });
});

describe('recover', () => {
  it('saves what verifies, and its status says whether something is missing', async () => {
    const place = await placeWithSealed();
    const saved = await command(['recover', 'd/cut', '-o', 'out', '--json'], place);
    expect([saved.status, saved.stderr]).toEqual([4, expect.stringContaining('something is missing')]);
    expect(JSON.parse(String(saved.stdout))).toMatchObject({ output: 'out', frames: 3, gapCount: 1 });
    expect((await read(place, 'out')).equals(content.subarray(0, 3 * F))).toBe(true);
    const whole = await command(['recover', 'r', '-o', 'all'], place);
    expect([whole.status, whole.stderr]).toEqual([0, '']);
    expect((await read(place, 'all')).equals(content)).toBe(true);
    const kept = await command(['recover', 's', '-o', 'all'], place);
    expect([kept.status === 0, (await read(place, 'all')).equals(content)]).toEqual([false, true]);
  });

  it('fills gaps with zeros, and takes a head that was kept', async () => {
    const place = await placeWithSealed();
    const damaged = Buffer.from(place.sealed);
    damaged.fill(0xff, 60, 120);
    damaged.fill(0xff, damaged.length - 2 * F, damaged.length - 2 * F + 9);
    await writeFile(at(place, 'bad'), damaged);
    expect((await command(['recover', 'bad', '-o', 'out'], place)).status).toBe(3);
    await writeFile(at(place, 'head'), place.sealed.subarray(0, 4_096));
    const words = ['recover', 'bad', '-o', 'out', '--head', 'head', '--zero-fill'];
    expect((await command(words, place)).status).toBe(4);
    const out = await read(place, 'out');
    expect(out.length).toBe(content.length);
    expect(out.subarray(0, 2 * F).equals(content.subarray(0, 2 * F))).toBe(true);
    const other = await command(['recover', 'bad', '-o', 'o2', '--head', 'r'], place);
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('another stream')]);
  });

  it('leaves no file if nothing could be opened, and never overwrites its input', async () => {
    const place = await placeWithSealed();
    await writeFile(at(place, 'torn'), place.sealed.subarray(0, 300));
    expect((await command(['recover', 'torn', '-o', 'out'], place)).status).toBe(3);
    const { preambleSize } = await readHeader(place.sealed);
    await writeFile(at(place, 'frameless'), place.sealed.subarray(0, preambleSize + 100));
    const nothing = await command(['recover', 'frameless', '-o', 'out', '--json'], place);
    expect([nothing.status, nothing.stderr]).toEqual([3, expect.stringContaining('nothing of frameless')]);
    expect(JSON.parse(String(nothing.stdout))).toMatchObject({
      output: null,
      frames: 0,
      complete: false,
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', offset: preambleSize },
      gapCount: 1,
    });
    expect((await command(['recover', 's', '-k', 'file:a', '-o', 'out'], place)).status).toBeGreaterThan(0);
    expect((await command(['recover', 's', '-f', '-o', 's'], place)).status).toBe(2);
    expect((await command(['recover', 's'], place)).status).toBe(2);
    expect((await command(['recover', 'r', '--zero-fill', '-o', 'out'], place)).status).toBe(2);
    expect(await namesIn(place.folder)).not.toContain('out');
    expect((await read(place, 's')).equals(place.sealed)).toBe(true);
  });
});

describe('inspect of several files', () => {
  it('is a table without a key, or a line of JSON for each', async () => {
    const place = { ...(await placeWithSealed()) };
    const keyless = { ...place, env: { ...place.env, SEALPIPE_KEY: undefined } };
    const { status, stdout } = await command(['inspect', 'd/', 'r'], keyless);
    expect(status).toBe(0);
    const [warning, , header, ...rows] = String(stdout).trim().split('\n');
    expect([warning, header]).toEqual([
      expect.stringContaining('Nothing here is authentic'),
      expect.stringContaining('PLAINTEXT (A CLAIM)'),
    ]);
    expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual(['d/cut', 'd/deep/s', 'r']);
    const json = await command(['inspect', '--json', 'd/'], keyless);
    const lines = String(json.stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ name: 'd/cut' }, { name: 'd/deep/s', plaintextSize: 300_000 }]);
  });

  it('escapes the names of files in JSON as well', async () => {
    const place = await placeWithSealed();
    const name = 'x\u009b31m\u202e';
    await writeFile(at(place, name), place.sealed);
    const { stdout } = await command(['inspect', '--json', name, 's'], place);
    expect(String(stdout)).toContain('"name": "x\\u009b31m\\u202e"');
  });
});
