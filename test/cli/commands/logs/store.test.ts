import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { keyFrom } from '../../../../src/keys/index.js';
import { openLogWriter } from '../../../../src/logs/index.js';
import { storeFolder } from '../../../logs/support/stored-archives.js';
import type { User } from '../../../support/s3/fake/access/users.js';
import { currentOf } from '../../../support/s3/fake/state.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import type { Place } from '../../support/command.js';
import { start, until } from '../../support/running.js';
import { placeAt, run } from '../store/support.js';

const here = fakeForTests();
const bucket = () => here.fake.world.bucket(here.bucket);
const STORE = 's3://the-bucket/logs';
let place: Place;
let archive: string;

/** An archive of these inputs, a segment each, in the folder `logs` and in the bucket. */
beforeEach(async () => {
  place = await placeAt(here.fake);
  const directory = join(place.folder, 'logs');
  const keys = await keyFrom(`file:${join(place.folder, 'k')}`);
  for (const lines of [['one'], ['two'], ['three', 'four'], ['five']]) {
    const writer = await openLogWriter({ keys, directory });
    for (const line of lines) writer.append(line);
    await writer.end();
    archive = writer.archive;
  }
  await keys.close();
  storeFolder(bucket(), directory);
});

const logs = (...words: string[]) => run(place, ['logs', ...words]);
const keyOf = (index: number) => `logs/${archive}/${String(index).padStart(12, '0')}`;
const isThere = (index: number) => currentOf(bucket(), keyOf(index)) !== undefined;

it('lists, shows, prints and verifies archives in S3 as it does in folders', async () => {
  const all = 'one\ntwo\nthree\nfour\nfive\n';
  expect(await logs('cat', STORE)).toEqual({ status: 0, stdout: all, stderr: '' });
  expect(await logs('cat', `${STORE}/${archive}/`, '--grep', 'two')).toMatchObject({ stdout: 'two\n' });
  expect(await logs('tail', STORE, '-n', '2')).toMatchObject({ status: 0, stdout: 'four\nfive\n' });
  const list = JSON.parse((await logs('list', `${STORE}/`, '--json')).stdout);
  expect(list.archives).toMatchObject([{ archive, segments: 4, first: null, last: null, gaps: 0 }]);
  const stat = await logs('stat', `${STORE}/${archive}`);
  expect(stat.stdout.split('\n').filter((line) => line.includes(' sealed '))).toHaveLength(4);
  const report = JSON.parse((await logs('verify', STORE, '--json')).stdout);
  expect(report).toMatchObject({ verified: true, archives: [{ archive, lines: 5 }] });
  const recent = await logs('cat', STORE, '--since', '1h', '--json', '-o', 'recent');
  expect(JSON.parse(recent.stdout).archives).toMatchObject([{ way: 'indexes', lines: 5 }]);
  expect(await readFile(join(place.folder, 'recent'), 'utf8')).toBe(all);
  const checkpoint = await logs('checkpoint', STORE, '-o', 'cp');
  expect(checkpoint).toMatchObject({ status: 0, stderr: '' });
  expect(await logs('recover', STORE, '-o', 'saved')).toMatchObject({ status: 0 });
  expect((await readdir(join(place.folder, 'saved', archive))).sort()[0]).toBe('000000000000.log');
  bucket().keys.delete(keyOf(3));
  expect(await logs('verify', STORE, '--checkpoint', 'cp')).toMatchObject({ status: 3 });
});

it('prunes once the checkpoint is written, and says what may not be deleted', async () => {
  const limited: User = {
    accessKeyId: 'LIMITED',
    secretAccessKey: 'limited',
    policies: [
      {
        Statement: [
          { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetObject'], Resource: 'arn:aws:s3:::*' },
        ],
      },
    ],
  };
  here.fake.addUser(limited);
  const mayRead = {
    ...place,
    env: { ...place.env, AWS_ACCESS_KEY_ID: 'LIMITED', AWS_SECRET_ACCESS_KEY: 'limited' },
  };
  const words = ['logs', 'prune', STORE, '--before', '2099-01-01', '-o'];
  expect((await run(place, [...words, 'none', '--dry-run'])).stderr).toContain('000000000001');
  const denied = await run(mayRead, [...words, 'denied']);
  expect(denied.status).toBe(1);
  expect(denied.stderr).toMatch(/0 segments were removed, and then: 000000000000: Access was denied/);
  expect(denied.stderr).toContain('s3:DeleteObject');
  expect([0, 1, 2, 3].every(isThere)).toBe(true);
  here.fake.fault({ on: 'DeleteObject', skip: 1 }, { kind: 'refuse', status: 403, code: 'AccessDenied' });
  const half = await run(place, [...words, 'half']);
  expect([half.status, isThere(0), isThere(1)]).toEqual([1, false, true]);
  const [checkpoint] = /\{.*\}/.exec(half.stderr)!;
  await writeFile(join(place.folder, 'left'), checkpoint);
  expect(await logs('verify', STORE, '--checkpoint', 'left')).toMatchObject({ status: 0 });
  expect(await run(place, [...words, 'cp'])).toMatchObject({ status: 0, stdout: '' });
  expect([0, 1, 2, 3].map(isThere)).toEqual([false, false, true, true]);
  expect(await logs('cat', STORE, '--checkpoint', 'cp')).toMatchObject({
    status: 0,
    stdout: 'three\nfour\nfive\n',
  });
});

it('follows what comes, until it is interrupted', async () => {
  const { child, ended } = start(['logs', 'tail', '-f', '-n', '1', STORE], place);
  let came = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    came += chunk;
  });
  await until(() => came === 'five\n', 'the last line');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ status: 130, stderr: '' });
});

it('says of a folder whose first segments went to S3 that they are there', async () => {
  const folder = join(place.folder, 'logs', archive);
  for (const name of await readdir(folder)) {
    if (/^00000000000[01]-/.test(name)) await unlink(join(folder, name));
  }
  await writeFile(join(folder, 'stored'), '{"index":1}');
  expect((await logs('list', 'logs')).stdout).toMatch(/ 2 in S3\n$/);
  expect((await logs('stat', 'logs')).stdout).toMatch(/\n0-1 +in S3\n2 /);
  for (const words of [['checkpoint'], ['prune', '--before', '0s', '-o', 'cp']]) {
    const { status, stdout, stderr } = await logs(words[0]!, 'logs', ...words.slice(1));
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('in S3');
  }
});

it('refuses what works on folders alone, and says what is missing', async () => {
  const said = async (...words: string[]) => {
    const { status, stderr } = await logs(...words);
    return `${status} ${stderr}`;
  };
  expect(await said('close', STORE)).toMatch(/^2 .*logs close works on the folder of a log archive/);
  expect(await said('prune', STORE, '--before', '1d', '--single-writer')).toMatch(/^2 .*--single-writer/);
  expect(await said('cat', 'logs', '--region', 'eu-west-1')).toMatch(/^2 .*--region/);
  expect(await said('cat', `${STORE}-of-others`)).toMatch(/^1 .*no log archive in s3:..the-bucket.logs-of-/);
  expect(await said('list', 's3://no-such-bucket')).toMatch(/^1 .*the bucket does not exist/);
});
