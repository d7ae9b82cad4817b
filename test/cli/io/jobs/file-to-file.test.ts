import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, hasTemporary, KEY_TEXT, namesIn, start, until } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'these commands are for POSIX'));

const MIB = 1_048_576;

/** A place with a key `k` and a file `a` of a bit more than 5 MiB. */
async function placeWithFile(): Promise<Place & { readonly content: Buffer }> {
  const place = await makePlace();
  const content = randomBytes(5 * MIB + 12_345);
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), content);
  return { ...place, content };
}

const shell = (line: string, { folder, env }: Place) =>
  runProcess('/bin/sh', ['-c', line], { cwd: folder, env });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digestOf = async (place: Place, name: string) => digest(await readFile(join(place.folder, name)));

describe('from file to file', () => {
  it('goes there and back, and says how much it was', async () => {
    const place = await placeWithFile();
    const seal = await command(['encrypt', '-k', 'file:k', 'a', '-o', 's', '--json'], place);
    const open = await command(['decrypt', '-k', 'file:k', 's', '-o', 'b', '--json'], place);
    const { size } = await stat(join(place.folder, 's'));
    expect(JSON.parse(String(seal.stdout))).toMatchObject({ bytesIn: place.content.length, bytesOut: size });
    expect(JSON.parse(String(open.stdout))).toMatchObject({ bytesIn: size, bytesOut: place.content.length });
    expect(await digestOf(place, 'b')).toBe(digest(place.content));
  });

  it('reads and writes what the shell opened at its current position, and leaves it after the last byte', async () => {
    const place = await placeWithFile();
    const { status, stderr } = await shell(
      `{ dd bs=7 count=1 of=skipped 2>&-; sealpipe encrypt -k file:k -o s; wc -c; } < a > left
       { printf before; sealpipe decrypt -k file:k s; printf behind; } > b
       { printf before; sealpipe encrypt -k file:k a; } > c; sealpipe encrypt -k file:k a >> c`,
      place,
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(Number(await readFile(join(place.folder, 'left'), 'utf8'))).toBe(0);
    const b = Buffer.concat([Buffer.from('before'), place.content.subarray(7), Buffer.from('behind')]);
    expect(await digestOf(place, 'b')).toBe(digest(b));
    const c = (await readFile(join(place.folder, 'c'))).subarray('before'.length);
    await writeFile(join(place.folder, 'second'), c.subarray(c.length / 2));
    const second = await command(['decrypt', '-k', 'file:k', 'second'], place);
    expect(digest(second.stdout)).toBe(digest(place.content));
  });

  it('does what it does with pipes, a FIFO and the record layout, too', async () => {
    const place = await placeWithFile();
    const { status, stderr } = await shell(
      `set -e; mkfifo fifo
       cat a | sealpipe encrypt -k file:k -o s; sealpipe decrypt -k file:k s -o b
       cat a > fifo & sealpipe encrypt -k file:k fifo > s; wait; sealpipe decrypt -k file:k < s > c
       sealpipe encrypt -k file:k a -f -o s; cat fifo > d & sealpipe decrypt -k file:k s -o fifo; wait
       sealpipe encrypt -k file:k --layout record a -o r; sealpipe decrypt -k file:k r -o e
       sealpipe decrypt -k file:k < r | cat > f; sealpipe decrypt -k file:k s | cat > g`,
      place,
    );
    expect([status, stderr]).toEqual([0, '']);
    for (const name of ['b', 'c', 'd', 'e', 'f', 'g'])
      expect([name, await digestOf(place, name)]).toEqual([name, digest(place.content)]);
  });
});

describe('a device', () => {
  it('that is full fails in both directions', async () => {
    const place = await placeWithFile();
    expect(await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).toMatchObject({ status: 0 });
    const full = 'no space left on device\n';
    for (const line of ['encrypt -k file:k a', 'decrypt -k file:k s']) {
      const named = await shell(`sealpipe ${line} -o /dev/full`, place);
      expect(named).toMatchObject({ status: 1, stderr: `sealpipe: error: cannot write /dev/full: ${full}` });
      const given = await shell(`sealpipe ${line} > /dev/full`, place);
      expect(given).toMatchObject({
        status: 1,
        stderr: `sealpipe: error: cannot write standard output: ${full}`,
      });
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'that never ends is left at %s, and no file stays',
    async (signal) => {
      const place = await placeWithFile();
      const words = ['encrypt', '-k', 'file:k', '/dev/zero'];
      for (const [output, ready] of [
        ['out', () => hasTemporary(place.folder)],
        ['/dev/null', () => true],
      ] as const) {
        const { child, ended } = start([...words, '-v', '-o', output], place);
        let said = '';
        child.stderr?.on('data', (chunk: Buffer) => {
          said += chunk;
        });
        await until(() => said.includes('sealed for') && ready(), 'a stream');
        child.kill(signal);
        expect(await ended).toMatchObject({ status: signal === 'SIGINT' ? 130 : 143, signal: null });
      }
      expect(await namesIn(place.folder)).toEqual(['a', 'k']);
    },
  );

  it('that never ends is more than any expected size', async () => {
    const place = await placeWithFile();
    const words = ['encrypt', '-k', 'file:k', '--expected-size', '10MiB', '/dev/zero', '-o', 'out'];
    const { status, stderr } = await command(words, place);
    expect([status, stderr]).toEqual([1, expect.stringContaining('more than the 10485760 bytes')]);
    expect(await namesIn(place.folder)).toEqual(['a', 'k']);
  });
});

describe('a failure', () => {
  it('keeps the verified part that readers could see, and removes a file', async () => {
    const place = await placeWithFile();
    await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place);
    const bytes = await readFile(join(place.folder, 's'));
    const preamble = bytes.length - place.content.length - 16 * 81;
    bytes[preamble + 40 * 65_552 + 3]! ^= 1;
    await writeFile(join(place.folder, 'damaged'), bytes);
    const file = await command(['decrypt', '-k', 'file:k', 'damaged', '-o', 'b'], place);
    expect(file).toMatchObject({ status: 3, stderr: expect.not.stringContaining('verified plaintext') });
    const { status, stderr } = await shell('sealpipe decrypt -k file:k damaged > c', place);
    expect([status, stderr]).toEqual([3, expect.stringContaining('2,621,440 bytes of verified plaintext')]);
    expect(await digestOf(place, 'c')).toBe(digest(place.content.subarray(0, 40 * 65_536)));
    await truncate(join(place.folder, 's'), preamble + 20 * 65_552 + 5);
    expect(await command(['decrypt', '-k', 'file:k', 's', '-o', 'b'], place)).toMatchObject({ status: 4 });
    expect(await namesIn(place.folder)).toEqual(['a', 'c', 'damaged', 'k', 's']);
  });

  it('of a write in the middle of a block leaves nothing', async () => {
    const place = await placeWithFile();
    const { status, stderr } = await shell('ulimit -f 4099; sealpipe encrypt -k file:k a -o s', place);
    const said = 'sealpipe: error: cannot write s: file too large\n  s was not created or changed.\n';
    expect([status, stderr]).toEqual([1, said]);
    expect(await namesIn(place.folder)).toEqual(['a', 'k']);
  });

  it('of the whole process leaves the file that was to be replaced', async () => {
    const place = await placeWithFile();
    const { child, ended } = start(['encrypt', '-k', 'file:k', '/dev/zero', '-f', '-o', 'a'], place);
    await until(() => hasTemporary(place.folder), 'a temporary file');
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await digestOf(place, 'a')).toBe(digest(place.content));
  });
});

describe('memory', () => {
  /** Runs a command, and tells the most memory that it took. */
  async function peakOf(words: readonly string[], place: Place): Promise<number> {
    const note = `process.on('exit', () => require('fs').writeFileSync('peak', String(process.resourceUsage().maxRSS)))`;
    await writeFile(join(place.folder, 'note.cjs'), note);
    const env = { NODE_OPTIONS: `--require ${join(place.folder, 'note.cjs')}` };
    const { status, stderr } = await command(words, place, { env });
    expect([status, stderr]).toEqual([0, '']);
    return Number(await readFile(join(place.folder, 'peak'), 'utf8')) * 1_024;
  }

  it('does not grow with the file', { timeout: 120_000 }, async () => {
    const place = await placeWithFile();
    const peaks: number[] = [];
    for (const size of [16 * MIB, 512 * MIB]) {
      await truncate(join(place.folder, 'a'), size);
      peaks.push(await peakOf(['encrypt', '-k', 'file:k', 'a', '-f', '-o', 's'], place));
      peaks.push(await peakOf(['decrypt', '-k', 'file:k', 's', '-o', '/dev/null'], place));
    }
    expect(peaks[2]! - peaks[0]!).toBeLessThan(16 * MIB);
    expect(peaks[3]! - peaks[1]!).toBeLessThan(16 * MIB);
  });
});
