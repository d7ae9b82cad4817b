import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { fakeForTests } from '../support/s3/fake-for-tests.js';
import { tempFolder } from '../support/temp-folder.js';
import { openStoring } from './support/stored.js';

const here = fakeForTests();
const MB = 1_000_000;

it('a segment of an hour takes the requests to S3 that the page says', async () => {
  const page = readFileSync(join(repositoryRoot, 'docs/logs-operations.md'), 'utf8');
  const [, size, named] = /A segment of (\d+) MB costs (\d+) requests to S3/.exec(page) ?? [];
  const writer = await openStoring(here, await tempFolder(), { compress: false });
  const line = randomBytes(500_000)
    .toString('base64')
    .slice(0, MB / 2 - 1);
  for (let bytes = 0; bytes < Number(size) * MB; bytes += MB / 2) {
    writer.append(line);
    if (bytes % (8 * MB) === 0) await writer.flush();
  }
  const { notStored } = await writer.end();
  expect(notStored).toEqual([]);
  expect(here.fake.seen.operations).toHaveLength(Number(named));
});
