import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { FAMILY_NAMES } from '../vectors/families.js';
import { FOLDER, readFamily } from '../vectors/files.js';
import { needsPython, runPython } from './python.js';

interface Judgement {
  readonly vectors: number;
  readonly cuts: number;
  readonly writers: number;
  readonly segments: number;
  readonly skipped: readonly string[];
  readonly differing: readonly string[];
}

function judge(folder: string, ...options: readonly string[]): Judgement {
  const { status, stdout, stderr } = runPython('judge_vectors.py', [folder, ...options]);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout.toString());
}

describe('the independent reader and writer, from the files of the vectors alone', () => {
  beforeEach(needsPython);

  const all = FAMILY_NAMES.flatMap((family) => readFamily(family).vectors);

  it('come to every verdict, to every stream of a writer and to every digest', () => {
    const { vectors, cuts, writers, segments, skipped, differing } = judge(FOLDER);
    expect(differing).toEqual([]);
    expect([vectors, skipped.length]).toEqual([all.length, 0]);
    expect(writers).toBe(all.filter(({ writer }) => writer !== undefined).length);
    expect(segments).toBe(all.filter(({ segmentDigest }) => segmentDigest !== undefined).length);
    expect(cuts).toBeGreaterThan(800);
  });

  it('can leave out a suite', () => {
    const without = ['SM4-GCM', 'AES-256-GCM-SIV'];
    const { skipped, differing } = judge(FOLDER, '--as-reader-without', ...without);
    expect(differing).toEqual([]);
    expect(skipped).toEqual(all.flatMap(({ name, needs }) => (without.includes(needs ?? '') ? [name] : [])));
    expect(skipped.length).toBeGreaterThan(30);
  });

  it('name what differs', async () => {
    const folder = join(await tempFolder(), 'vectors');
    await cp(FOLDER, folder, { recursive: true });
    const path = join(folder, 'limit.json');
    const altered = (await readFile(path, 'utf8')).replace('"expect":"limit"', '"expect":"format"');
    await writeFile(path, altered);
    const { differing } = judge(folder);
    const file = expect.stringMatching(/^limit\.json: /);
    const vector = expect.stringMatching(/^limit\/recipients-over: .*'limit'.*'format'/);
    const header = expect.stringMatching(/^limit\/recipients-over, header: limit, not format$/);
    expect(differing).toEqual([file, vector, header]);
  });
});
