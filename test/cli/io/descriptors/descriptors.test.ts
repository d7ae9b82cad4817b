import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runProcess } from '../../../support/run-process.js';
import type { Kind } from '../../support/descriptors.js';
import { runWith } from '../../support/descriptors.js';
import { command, namesIn } from '../../support/running.js';
import { DATA, needDescriptors, opened, placeWithKey } from './place.js';

beforeEach(needDescriptors);

describe('standard input and output', () => {
  const known: readonly Kind[] = ['stream', 'pipe', 'nowait', 'file'];

  it.each(known.map((from, at) => [from, known[(at + 1) % known.length]!] as const))(
    'that are a %s and a %s carry everything',
    async (from, to) => {
      const place = await placeWithKey();
      const { status, out, err } = await runWith([from, to], ['encrypt', '-k', 'file:k'], place, DATA);
      expect([status, err]).toEqual([0, '']);
      expect((await opened(place, out)).equals(DATA)).toBe(true);
    },
  );

  it.each(['packet', 'datagram'] as const)(
    'of %s sockets are refused, in and out, rather than lost',
    async (kind) => {
      const place = await placeWithKey();
      for (const words of [
        ['encrypt', '-k', 'file:k', '-o', 'out'],
        ['decrypt', '-k', 'file:k'],
        ['inspect'],
      ]) {
        const { status, out, err } = await runWith([kind, 'pipe'], words, place, DATA);
        expect([status, out.length, err]).toEqual([
          1,
          0,
          expect.stringContaining('standard input is a socket'),
        ]);
      }
      for (const words of [['encrypt', '-k', 'file:k', 'a'], ['version'], ['inspect', 'k']]) {
        const { status, out, err } = await runWith(['null', kind], words, place);
        expect([status, out.length, err]).toEqual([
          1,
          0,
          expect.stringContaining('standard output is a socket'),
        ]);
      }
      expect(await namesIn(place.folder)).toEqual(['a', 'k']);
    },
  );
});

describe('a connection that breaks off', () => {
  it.each(['fixed', 'record'])('is no input that has ended (%s layout)', async (layout) => {
    const place = await placeWithKey();
    const words = ['encrypt', '-k', 'file:k', '--layout', layout];
    const { status, out, err } = await runWith(['reset', 'pipe'], words, place, DATA.subarray(0, 1_000));
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/standard input: (read ECONNRESET|connection reset)/),
    ]);
    await writeFile(join(place.folder, 'came'), out);
    const opened = await command(['decrypt', '-k', 'file:k', 'came'], place);
    expect(opened.status).toBe(4);
  });
});

describe('a terminal that is closed', () => {
  it.each(['fixed', 'record'])('is no input that has ended (%s layout)', async (layout) => {
    const place = await placeWithKey();
    const words = ['encrypt', '-k', 'file:k', '--layout', layout, '-o', 'out'];
    const { status, err } = await runWith(['hangup', 'pipe'], words, place, Buffer.from('a line\nhalf a li'));
    // Node 20 aborts at its end where a terminal is gone.
    expect(status).not.toBe(0);
    expect(err).toContain('error: standard input is a terminal that was closed');
    if (layout === 'fixed') expect(await namesIn(place.folder)).toEqual(['a', 'k']);
    else expect((await command(['decrypt', '-k', 'file:k', 'out'], place)).status).toBe(4);
  });
});

describe('a descriptor that is open in one direction', () => {
  it('is not used in the other one', async () => {
    const place = await placeWithKey();
    for (const line of [
      'sealpipe encrypt -k file:k 0>&1 | cat',
      'sealpipe encrypt -k file:k 0> b | cat',
      ': | { sealpipe encrypt -k file:k 1<&0; }',
      'sealpipe encrypt -k file:k a 1< b',
      'sealpipe version 1< .',
      'sealpipe encrypt -k file:k a -o /dev/fd/5 5< b',
    ]) {
      const shown = await runProcess('bash', ['-o', 'pipefail', '-c', line], {
        cwd: place.folder,
        env: place.env,
      });
      expect([line, shown.status, shown.stdout]).toEqual([line, 1, '']);
      expect(shown.stderr).toMatch(/error: cannot (read|write) .*: it is open for/);
    }
    expect((await readFile(join(place.folder, 'a'))).equals(DATA)).toBe(true);
  });
});
