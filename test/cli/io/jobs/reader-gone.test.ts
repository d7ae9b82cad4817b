import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'pipes are those of POSIX'));

/** What the command made once of zeros for all tests, by their number. */
const made = new Map<number, Buffer>();

async function sealedZeros(place: Place, size: number): Promise<Buffer> {
  const known = made.get(size);
  if (known !== undefined) return known;
  await writeFile(join(place.folder, 'zeros'), Buffer.alloc(size));
  const { stdout } = await command(['encrypt', '-k', 'file:k', 'zeros'], place);
  made.set(size, stdout);
  return stdout;
}

/** A key, the stream of 3 MB of plaintext, and a longer one that was cut further on than anybody reads ahead. */
async function placeWithStreams(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 's'), await sealedZeros(place, 3_000_000));
  await writeFile(join(place.folder, 'cut'), (await sealedZeros(place, 20_000_000)).subarray(0, 15_000_000));
  return place;
}

/** Runs a line of the shell. @returns what the first command of its pipe ended with, and what was said */
async function first(line: string, { folder, env }: Place): Promise<[status: string, stderr: string]> {
  const bash = await runProcess('bash', ['-c', `${line}; echo "status $\{PIPESTATUS[0]}"`], {
    cwd: folder,
    env,
  });
  return [/status (\d+)\n$/.exec(bash.stdout)?.[1] ?? bash.stdout, bash.stderr];
}

describe('a reader that leaves before the end', () => {
  it.each([
    ['a stream that is cut', 'sealpipe decrypt -k file:k cut | head -c 65536 | wc -c'],
    ['a stream that is whole', 'sealpipe decrypt -k file:k s | head -c 5 | wc -c'],
    [
      'a program that fails',
      "sealpipe encrypt -k file:k -- sh -c 'head -c 64000000 /dev/zero; exit 7' | head -c 9 | wc -c",
    ],
    ['a stream without an end', 'sealpipe encrypt -k file:k /dev/zero -o /dev/fd/1 | head -c 9 | wc -c'],
    ['a text', 'sealpipe help | true'],
    ['reports on several streams', 'sealpipe verify -k file:k s s s | true'],
    ['what is recovered', 'sealpipe recover -k file:k s -o /dev/stdout | head -c 9 | wc -c'],
  ])('of %s makes for status 141, and not a word', async (_, line) => {
    expect(await first(line, await placeWithStreams())).toEqual(['141', '']);
  });

  it('does no harm to a file that is whole, and whose summary alone was not read', async () => {
    const place = await placeWithStreams();
    expect(await first('sealpipe decrypt -k file:k s -o out --json | true', place)).toEqual(['0', '']);
    expect(await namesIn(place.folder)).toContain('out');
  });
});

describe('a reader that takes everything', () => {
  it('and then leaves gives status 0', async () => {
    const place = await placeWithStreams();
    expect(await first('sealpipe decrypt -k file:k s | head -c 3000000 | wc -c', place)).toEqual(['0', '']);
  });

  it('of a stream that is cut short gets that error', async () => {
    const [status, stderr] = await first('sealpipe decrypt -k file:k cut | wc -c', await placeWithStreams());
    expect([status, stderr]).toEqual(['4', expect.stringContaining('not all of it')]);
  });
});
