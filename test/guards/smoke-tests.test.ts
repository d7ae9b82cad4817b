import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { testsByProject } from '../support/test-projects.js';

const STEPS = readFileSync(join(repositoryRoot, '.ci/steps.sh'), 'utf8');

/** Parts within a folder that are used alone. */
const PARTS_WITHIN = ['keys/kms', 'logs/pino', 'logs/upload', 'logs/writer', 's3/download', 's3/upload'];

const tests = testsByProject();
const outsideUnit = [...tests.process, ...tests.isolated];

/** What other versions of Node run besides the unit tests. */
const [, smoke = ''] = /^unit_and_smoke_on_node\(\) \{\n([^}]*)^\}/m.exec(STEPS) ?? [];
const named = smoke.match(/test\/[\w/-]+\.test\.ts/g) ?? [];

describe('the smoke tests of .ci/steps.sh', () => {
  it('exist, outside of the unit tests', () => {
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !outsideUnit.includes(path))).toEqual([]);
  });

  it('are of every part that has tests outside of the unit tests', () => {
    const folders = readdirSync(join(repositoryRoot, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const parts = [...folders, ...PARTS_WITHIN].map((part) => `test/${part}/`);
    const tested = parts.filter((part) => outsideUnit.some((path) => path.startsWith(part)));
    expect(tested.length).toBeGreaterThan(PARTS_WITHIN.length);
    expect(tested.filter((part) => !named.some((path) => path.startsWith(part)))).toEqual([]);
  });
});
