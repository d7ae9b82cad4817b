import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampled } from '../../../support/sample.js';
import { runWith } from '../../support/descriptors.js';
import { command, namesIn } from '../../support/running.js';
import { DATA, needDescriptors, opened, placeWithKey } from './place.js';

beforeEach(needDescriptors);

describe('a closed standard input', () => {
  it.each(['closed', 'null-rw'] as const)('(%s) is no empty one', async (kind) => {
    const place = await placeWithKey();
    const uses = [
      ['encrypt', '-k', 'file:k', '/dev/stdin'],
      ['decrypt'],
      ['inspect'],
      ['encrypt', '-k', 'file:k', '-o', 'out'],
    ];
    for (const words of sampled(uses, 2, `standard input that is ${kind}`)) {
      const { status, out, err } = await runWith([kind, 'pipe'], words, place);
      expect([status, out.length, err]).toEqual([
        1,
        0,
        expect.stringMatching(/error: (standard input|\/dev\/stdin) is closed/),
      ]);
    }
    expect(await namesIn(place.folder)).toEqual(['a', 'k']);
  });

  it('is accepted if nothing is read from it', async () => {
    const place = await placeWithKey();
    for (const words of [
      ['encrypt', '-k', 'file:k', 'a'],
      ['version'],
      ['encrypt', '-k', 'file:k', '--', 'echo', 'x'],
    ]) {
      expect(await runWith(['closed', 'pipe'], words, place)).toMatchObject({ status: 0, err: '' });
    }
  });

  it('is not what < /dev/null is', async () => {
    const place = await placeWithKey();
    const { status, out } = await runWith(['null', 'pipe'], ['encrypt', '-k', 'file:k'], place);
    expect([status, (await opened(place, out)).length]).toEqual([0, 0]);
    const ignored = await command(['encrypt', '-k', 'file:k', '-o', 'out'], place, { stdio: 'ignore' });
    expect(ignored.status).toBe(0);
  });
});

describe('a closed standard output', () => {
  it.each(['closed', 'null-rw'] as const)('(%s) takes no data', async (kind) => {
    const place = await placeWithKey();
    await runWith(['null', 'pipe'], ['kms', 'create-key', '--alias', 'b'], place);
    expect((await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).status).toBe(0);
    const uses = [
      ['encrypt', '-k', 'file:k', 'a'],
      ['decrypt', '-k', 'file:k', 's'],
      ['encrypt', '-k', 'file:k', '-o', '/dev/stdout', '--', 'echo', 'x'],
      ['kms', 'export', 'alias/b'],
    ];
    for (const words of sampled(uses, 2, `standard output that is ${kind}`)) {
      const { status, err } = await runWith(['null', kind], words, place);
      expect([status, err]).toEqual([1, expect.stringContaining('standard output is closed')]);
    }
  });

  it('takes no report', async () => {
    const place = await placeWithKey();
    expect((await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).status).toBe(0);
    const uses = [
      ['inspect', 's'],
      ['inspect', 's', 's'],
      ['verify', '-k', 'file:k', 's', '--json'],
      ['version'],
      ['help'],
      ['kms', 'list', '--json'],
      ['uploads'],
      ['encrypt', '-k', 'file:k', 'a', '-f', '-o', 's', '--json'],
    ];
    for (const words of sampled(uses, 3, 'reports on a closed standard output')) {
      const { status, err } = await runWith(['null', 'closed'], words, place);
      expect([words, status, err]).toEqual([words, 1, expect.stringContaining('standard output is closed')]);
    }
  });

  it('is found before work is done whose report would be lost', async () => {
    const place = await placeWithKey();
    for (const words of [
      ['encrypt', '-k', 'file:k', 'a', '-o', 's', '--json'],
      ['kms', 'create-key', '--alias', 'b', '--json'],
    ]) {
      const { status, err } = await runWith(['null', 'closed'], words, place);
      expect([words, status, err]).toEqual([words, 1, expect.stringContaining('standard output is closed')]);
    }
    expect(await namesIn(place.folder)).toEqual(['a', 'k']);
    expect((await command(['kms', 'list', '--json'], place)).stdout.toString()).not.toContain('alias/b');
  });

  it('is no obstacle if the report goes to a file', async () => {
    const place = await placeWithKey();
    expect((await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).status).toBe(0);
    const { status, err } = await runWith(['null', 'closed'], ['inspect', 's', '--json', '-o', 'r'], place);
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(await readFile(join(place.folder, 'r'), 'utf8')).layout).toBe('fixed');
  });

  it('is no obstacle if the status says enough', async () => {
    const place = await placeWithKey();
    for (const words of [
      ['encrypt', '-k', 'file:k', 'a', '-o', 's'],
      ['verify', '-q', '-k', 'file:k', 's'],
      ['kms', 'create-key', '-q'],
    ]) {
      expect(await runWith(['null', 'closed'], words, place)).toMatchObject({ status: 0, err: '' });
    }
  });

  it('is not what > /dev/null is', async () => {
    const place = await placeWithKey();
    expect(await runWith(['null', 'null'], ['encrypt', '-k', 'file:k', 'a'], place)).toMatchObject({
      status: 0,
      err: '',
    });
  });
});

describe('closed standard descriptors, all together', () => {
  it.each([
    ['closed', 'closed', 'closed', 1],
    ['closed', 'pipe', 'closed', 1],
    ['pipe', 'closed', 'closed', 1],
    ['pipe', 'pipe', 'closed', 0],
  ] as const)('%s, %s and %s: status %i', async (stdin, stdout, stderr, expected) => {
    const place = await placeWithKey();
    const { status, out } = await runWith([stdin, stdout, stderr], ['encrypt', '-k', 'file:k'], place, DATA);
    expect(status).toBe(expected);
    if (expected === 0) expect((await opened(place, out)).equals(DATA)).toBe(true);
    else expect(out.length).toBe(0);
  });

  it('do not affect work from one file to another', async () => {
    const place = await placeWithKey();
    const words = ['encrypt', '-k', 'file:k', 'a', '-o', 'out'];
    expect((await runWith(['closed', 'closed', 'closed'], words, place)).status).toBe(0);
    const { stdout } = await command(['decrypt', '-k', 'file:k', 'out'], place);
    expect(stdout.equals(DATA)).toBe(true);
  });
});
