import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsAddon } from '../../../crypto/native/addon-here.js';
import { OWN_LIBRARY } from '../../../support/external-tool.js';
import { patterned } from '../../../support/pieces.js';
import { onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import { repositoryRoot } from '../../../support/repository.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { MAIN, makePlace } from '../../support/command.js';
import { python } from '../../support/descriptors.js';
import { command, KEY_TEXT } from '../../support/running.js';

needsAddon();
beforeEach((context) => {
  onlyWhere(context, process.platform === 'linux', 'pipes have sizes and modes on Linux');
  prerequisite(context, python !== undefined, 'python3');
});

const DATA = patterned(300_001);

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), DATA);
  return place;
}

interface Came {
  readonly status: number;
  readonly out: Buffer;
  readonly sizes: readonly number[];
  readonly waits: readonly boolean[];
  readonly after: boolean;
}

/** Runs a direction between pipes of `size` bytes, 0 as they come. */
async function between(
  command: 'encrypt' | 'decrypt',
  place: Place,
  data: Uint8Array,
  { size = 0, mode = 'stream', env = {} as Record<string, string>, node = [] as string[] } = {},
): Promise<Came> {
  const script = join(repositoryRoot, 'test/cli/support/pipes.py');
  await writeFile(join(place.folder, 'data'), data);
  const words = [...OWN_LIBRARY, script, String(size), mode, 'data', process.execPath, ...node, MAIN];
  const { stdout, stderr } = await runProcess(python!, [...words, command, '-k', 'file:k'], {
    cwd: place.folder,
    env: { ...place.env, ...env },
  });
  expect(stderr).toBe('');
  const { out, ...rest } = JSON.parse(stdout) as { out: string } & Omit<Came, 'out'>;
  return { ...rest, out: Buffer.from(out, 'base64') };
}

/** There and back: the data come out, and nobody's flags have changed. */
async function expectThrough(options: Parameters<typeof between>[3]): Promise<Came> {
  const place = await placeWithKey();
  const sealed = await between('encrypt', place, DATA, options);
  const opened = await between('decrypt', place, sealed.out, options);
  expect([sealed.status, opened.status, opened.out.equals(DATA)]).toEqual([0, 0, true]);
  return sealed;
}

describe('pipes at both ends', () => {
  it('carry everything, hold more, and keep their flags, which others share', async () => {
    const { sizes, waits, after } = await expectThrough({});
    expect({ sizes, waits, after }).toEqual({ sizes: [131_072, 131_072], waits: [true, true], after: true });
  });

  it('stay as they are with SEALPIPE_PIPE_SIZE=0', async () => {
    const { sizes, waits } = await expectThrough({ env: { SEALPIPE_PIPE_SIZE: '0' } });
    expect({ sizes, waits }).toEqual({ sizes: [65_536, 65_536], waits: [true, true] });
  });

  it('of 4 KiB carry everything', async () => {
    await expectThrough({ size: 4_096, env: { SEALPIPE_PIPE_SIZE: '0' } });
  });

  it('that are larger are made no smaller', async () => {
    expect((await expectThrough({ size: 524_288 })).sizes).toEqual([524_288, 524_288]);
  });

  it('in packet mode lose nothing of a packet', async () => {
    await expectThrough({ mode: 'packets' });
    await expectThrough({ mode: 'packets', env: { SEALPIPE_PIPE_SIZE: '0' } });
  });

  it('go through streams without the addon or without /proc', async (context) => {
    const { sizes } = await expectThrough({ node: ['--no-addons'] });
    expect(sizes).toEqual([65_536, 65_536]);
    const place = await placeWithKey();
    prerequisite(context, process.getuid?.() === 0, 'the user root, to take /proc away');
    const line = `umount -l /proc && cat a | sealpipe encrypt -k file:k | sealpipe decrypt -k file:k > b`;
    const { stderr, status } = await runProcess('unshare', ['-m', 'bash', '-o', 'pipefail', '-c', line], {
      cwd: place.folder,
      env: place.env,
    });
    expect([status, stderr]).toEqual([0, '']);
    expect((await readFile(join(place.folder, 'b'))).equals(DATA)).toBe(true);
  });
});

describe('a pipe at one end', () => {
  it.each([
    'cat a | sealpipe encrypt -k file:k -o s && sealpipe decrypt -k file:k s | cat > b',
    'cat a | sealpipe encrypt -k file:k > s && sealpipe decrypt -k file:k < s | cat > b',
    'sealpipe encrypt -k file:k < a | cat > s && cat s | sealpipe decrypt -k file:k > b',
    'mkfifo p q; cat a > p & sealpipe encrypt -k file:k p -o q & sealpipe decrypt -k file:k q -o b',
    'sealpipe encrypt -k file:k <(cat a) -o >(cat > s; : > done) && until [ -e done ]; do sleep 0.1; done; cat s | sealpipe decrypt -k file:k /dev/stdin -o b',
    'cat a | sealpipe encrypt -k file:k --layout record | sealpipe decrypt -k file:k | cat > b',
    'cat a | sealpipe encrypt -k file:k --frame-size 4K | sealpipe decrypt -k file:k --engine node > b',
    'cat a | sealpipe encrypt -k file:k --frame-size 1M --engine node | sealpipe decrypt -k file:k > b',
    'sealpipe encrypt -k file:k -- cat a | sealpipe decrypt -k file:k > b',
  ])('or at both: %s', async (line) => {
    const place = await placeWithKey();
    const { status, stderr } = await runProcess('bash', ['-o', 'pipefail', '-c', line], {
      cwd: place.folder,
      env: place.env,
    });
    expect([status, stderr]).toEqual([0, '']);
    expect((await readFile(join(place.folder, 'b'))).equals(DATA)).toBe(true);
  });

  it('whose writer had gone before has an end', async () => {
    const place = await placeWithKey();
    const line =
      'mkfifo p; exec 3<> p; cat a > p & exec 4< p; exec 3>&-; wait; sealpipe encrypt -k file:k <&4 > s';
    await writeFile(join(place.folder, 'a'), DATA.subarray(0, 60_000));
    const { status } = await runProcess('bash', ['-c', line], { cwd: place.folder, env: place.env });
    const { stdout } = await command(['decrypt', '-k', 'file:k', 's'], place);
    expect([status, stdout.length]).toEqual([0, 60_000]);
  });
});
