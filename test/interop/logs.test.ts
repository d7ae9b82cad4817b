import { spawnSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { tempFolder } from '../support/temp-folder.js';
import { FOLDER, keptLogFiles } from '../vectors/logs/files.js';

/** That of the system, for which zstd is a package. */
const PYTHON = '/usr/bin/python3';

interface LogJudgement {
  readonly units: number;
  readonly archives: number;
  readonly skipped: readonly string[];
  readonly differing: readonly string[];
}

function judge(folder: string): LogJudgement {
  const script = join(repositoryRoot, 'test', 'interop', 'judge_logs.py');
  const { status, stdout, stderr } = spawnSync(PYTHON, [script, folder], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('the independent reader of log archives, from the files of the vectors alone', () => {
  beforeEach((context) => {
    const { status } = spawnSync(PYTHON, ['-c', 'import cryptography, zstandard']);
    prerequisite(context, status === 0, `${PYTHON} with \`cryptography\` and \`zstandard\``);
  });

  it('comes to every verdict, to every line and to every end', () => {
    const { units } = JSON.parse(keptLogFiles().get('units.json')!);
    const archives = keptLogFiles().size - 1;
    expect(judge(FOLDER)).toEqual({ units: units.length, archives, skipped: [], differing: [] });
  });

  it('names what differs', async () => {
    const folder = join(await tempFolder(), 'vectors');
    await cp(FOLDER, folder, { recursive: true });
    const alter = async (file: string, from: string, to: string): Promise<void> => {
      const text = await readFile(join(folder, file), 'utf8');
      expect(text).toContain(from);
      await writeFile(join(folder, file), text.replace(from, to));
    };
    await alter('swapped.json', '"expect": "archive"', '"expect": "success"');
    await alter('zero-tail.json', '"damaged": true', '"damaged": false');
    await alter('units.json', '"expect":"format"', '"expect":"success"');
    const named = [/^archive\/swapped: /, /^unit\/short: /, /^archive\/zero-tail: /];
    expect(judge(folder).differing).toEqual(named.map((name) => expect.stringMatching(name)));
  });
});
