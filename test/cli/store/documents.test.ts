import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { putBytes } from '../../s3/support/sealed-objects.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';
import { REGION } from '../../support/s3/fake/fake-s3.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { objectIn, placeAt } from './support.js';

const { fake } = fakeForTests();

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the lines are for sh'));

it('the lines of docs/s3.md for the command do what the page says, one after the other', async () => {
  const page = readFileSync(join(repositoryRoot, 'docs/s3.md'), 'utf8');
  const lines = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.trim().split('\n'),
  );
  expect(lines.length).toBeGreaterThanOrEqual(9);
  const bucket = fake.world.createBucket('my-bucket', REGION);
  const place = await placeAt(fake);
  await writeFile(join(place.folder, 'app.log'), 'a line of a log\n'.repeat(1_000));
  for (const line of lines) {
    const { status, stdout, stderr } = await runProcess('/bin/sh', ['-c', line], {
      cwd: place.folder,
      env: place.env,
    });
    expect([line, status, stderr]).toEqual([line, 0, '']);
    if (line.includes('--range')) expect(stdout.length).toBe(100);
    const made = objectIn(fake, 'my-bucket', 'logs/app.log');
    // What the page has a copy made of.
    if (made !== undefined) putBytes(bucket, 'restored/app.log', made);
  }
}, 60_000);
