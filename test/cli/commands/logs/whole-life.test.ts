import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toolPath } from '../../../support/external-tool.js';
import type { MotoServer } from '../../../support/moto-server.js';
import { startMotoServer } from '../../../support/moto-server.js';
import { onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import { wholeRun } from '../../../support/sample.js';
import type { Place } from '../../support/command.js';
import { start, until } from '../../support/running.js';
import { run } from '../store/support.js';
import { placeWithKey } from './archives.js';

const STORE = 's3://kept/logs';
const isHere = wholeRun && toolPath('moto_server') !== undefined && process.platform !== 'win32';
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
let moto: MotoServer;
let s3: S3Client;

beforeAll(async () => {
  if (!isHere) return;
  moto = await startMotoServer();
  s3 = new S3Client({ endpoint: moto.url, forcePathStyle: true, region: 'us-east-1', credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'kept', VersioningConfiguration }));
  await s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
});
afterAll(async () => {
  s3?.destroy();
  await moto?.close();
});

async function placeAtMoto(): Promise<Place> {
  const place = await placeWithKey();
  const env = {
    AWS_ENDPOINT_URL_S3: moto.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    SEALPIPE_KEY: 'file:k',
  };
  return { ...place, env: { ...place.env, ...env } };
}

const text = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('');

/** The objects of a bucket, by their keys, in order. */
async function stored(Bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key!);
}

it('an archive gives back every line of its life, from S3 as from its folder', async (context) => {
  onlyWhere(context, wholeRun, 'a long test (SEALPIPE_WHOLE=1)');
  prerequisite(context, isHere, 'moto_server');
  const place = await placeAtMoto();
  const logs = (...words: string[]) => run(place, ['logs', ...words]);
  const words = ['logs', 'write', '--store', STORE, '--flush-every', '50ms'];
  const done = { status: 0, stderr: '' };

  const killed = start([...words, 'spool'], place);
  killed.child.stdin?.write(text(1, 100));
  await until(async () => (await logs('cat', 'spool')).stdout === text(1, 100), 'lines in the folder');
  killed.child.kill('SIGKILL');
  await killed.ended;
  const again = start([...words, '-v', 'spool'], place);
  again.child.stdin?.write(text(101, 200));
  let said = '';
  again.child.stderr?.on('data', (piece) => {
    said += piece;
  });
  await until(() => said.includes('writing archive'), 'a writer');
  // A signal that comes before the lines changes nothing.
  await until(async () => again.child.kill('SIGHUP') && (await stored('kept')).length > 1, 'a segment in S3');
  again.child.stdin?.write(text(201, 309));
  again.child.kill('SIGTERM');
  again.child.stdin?.end('line 310');
  expect((await again.ended).status).toBe(0);
  const before = (await stored('kept')).length;
  expect(before).toBeGreaterThan(2);

  // Two go on from one state.
  expect(await logs('checkpoint', STORE, '-o', 'cp')).toMatchObject(done);
  await cp(join(place.folder, 'spool'), join(place.folder, 'clone'), { recursive: true });
  const write = (folder: string, input: string) => {
    const { child, ended } = start([...words, folder], place);
    child.stdin?.end(input);
    return ended;
  };
  expect(await write('spool', text(311, 320))).toMatchObject(done);
  const forked = await write('clone', text(901, 910));
  expect([forked.status, forked.stderr]).toEqual([3, expect.stringContaining('move the folder away')]);
  const fork = (await stored('kept')).find((key) => key.includes('.fork-'))!;
  expect(await logs('verify', STORE)).toMatchObject({ status: 3, stdout: expect.stringContaining('fork') });
  const refused = await logs('cat', STORE);
  expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('sealpipe logs recover')]);
  expect((await logs('recover', STORE, '-o', 'saved')).status).toBe(4);
  const archive = fork.split('/')[1]!;
  const saved = join(place.folder, 'saved', archive);
  const pieces = (await readdir(saved)).sort();
  const inPieces = await Promise.all(pieces.map((name) => readFile(join(saved, name), 'utf8')));
  expect(inPieces.join('').split('\n').sort()).toEqual((text(1, 320) + text(901, 910)).split('\n').sort());

  // What was saved may go.
  await s3.send(new DeleteObjectCommand({ Bucket: 'kept', Key: fork }));
  expect(await logs('verify', STORE, '--checkpoint', 'cp')).toMatchObject({
    ...done,
    stdout: expect.stringMatching(/verdict {5}verified, open[\s\S]*checkpoint {2}met/),
  });
  const all = { ...done, stdout: text(1, 320) };
  expect(await logs('cat', STORE)).toEqual(all);
  expect(await logs('cat', '--since', '1h', '--until', '2099-01-01', STORE)).toEqual(all);
  expect(await logs('cat', '--until', '1h', STORE)).toEqual({ ...done, stdout: '' });
  expect(await logs('cat', '--grep', 'line 31', STORE)).toEqual({
    ...done,
    stdout: `line 31\n${text(310, 319)}`,
  });
  expect(await logs('tail', '-n', '2', STORE)).toEqual({ ...done, stdout: text(319, 320) });
  const following = start(['logs', 'tail', '-n', '1', '-f', STORE], place);
  await new Promise((resolve) => following.child.stdout?.once('data', resolve));
  following.child.kill('SIGINT');
  expect((await following.ended).stdout.toString()).toBe('line 320\n');
  const list = JSON.parse((await logs('list', STORE, '--json')).stdout);
  expect(list.archives).toMatchObject([{ archive, segments: before + 1 }]);
  expect((await logs('stat', `${STORE}/${archive}`)).stdout.match(/ sealed /g)).toHaveLength(before + 1);

  const prune = ['prune', '--before', '2099-01-01', STORE, '-o', 'pruned'];
  expect((await logs(...prune, '--dry-run')).stderr).toContain(`${before - 1} segments would be removed`);
  expect(await stored('kept')).toHaveLength(before + 1);
  expect((await logs(...prune)).stderr).toContain('the bucket keeps versions');
  // The last two stay.
  expect(await stored('kept')).toHaveLength(2);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'kept' }));
  expect(Versions).toHaveLength(before + 2);
  const left = await logs('cat', '--checkpoint', 'pruned', STORE);
  expect(left).toMatchObject(done);
  expect(left.stdout.endsWith(text(309, 320)) && all.stdout.endsWith(left.stdout)).toBe(true);
  expect(left.stdout.length).toBeLessThan(all.stdout.length);

  // What closes it goes up with the next writer, which begins another archive.
  expect(await logs('close', 'spool')).toMatchObject({ status: 0 });
  expect((await write('spool', 'of another archive\n')).status).toBe(0);
  const closed = await logs('verify', '--require-closed', '--checkpoint', 'pruned', `${STORE}/${archive}`);
  expect(closed).toMatchObject({ ...done, stdout: expect.stringContaining('verified, closed') });
  expect((await logs('cat', `${STORE}/${archive}`, '--checkpoint', 'pruned')).stdout).toBe(left.stdout);
  expect(await logs('unlock', 'spool')).toMatchObject({ status: 0 });
  for (const command of [['close'], ['unlock'], ['rewrap', '--to', 'file:k2']]) {
    expect(await logs(...command, STORE)).toMatchObject({ status: 2, stdout: '' });
  }
});

it('an archive in a folder alone is re-wrapped, closed and pruned', async (context) => {
  onlyWhere(context, wholeRun, 'a long test (SEALPIPE_WHOLE=1)');
  prerequisite(context, isHere, 'moto_server');
  const place = await placeAtMoto();
  const logs = (...words: string[]) => run(place, ['logs', ...words]);
  await writeFile(join(place.folder, 'k2'), `${'0'.repeat(63)}2\n`, { mode: 0o600 });
  for (const input of [text(1, 10), text(11, 20)]) {
    const { child, ended } = start(['logs', 'write', 'logs'], place);
    child.stdin?.end(input);
    await ended;
  }
  expect((await logs('rewrap', 'logs', '--to', 'file:k2')).status).toBe(0);
  expect((await logs('cat', 'logs')).status).toBe(5);
  const NEW = ['-k', 'file:k2'];
  expect((await logs('cat', 'logs', ...NEW)).stdout).toBe(text(1, 20));
  expect((await logs('close', 'logs', ...NEW)).status).toBe(0);
  expect((await logs('verify', 'logs', ...NEW, '--require-closed')).status).toBe(0);
  expect((await logs('prune', 'logs', ...NEW, '--before', '2099-01-01', '-o', 'cp')).status).toBe(0);
  expect((await logs('verify', 'logs', ...NEW, '--checkpoint', 'cp')).status).toBe(0);
});

it('--object-lock keeps what moto stored', async (context) => {
  onlyWhere(context, wholeRun, 'a long test (SEALPIPE_WHOLE=1)');
  prerequisite(context, isHere, 'moto_server');
  const place = await placeAtMoto();
  await writeFile(join(place.folder, 'a'), 'hello');
  const locked = ['--object-lock', 'GOVERNANCE:1'];
  const { child, ended } = start(['logs', 'write', 'logs', '--store', 's3://locked/logs', ...locked], place);
  child.stdin?.end('one\n');
  expect(await ended).toMatchObject({ status: 0 });
  expect(await run(place, ['encrypt', 'a', '-o', 's3://locked/a', ...locked])).toMatchObject({ status: 0 });
  for (const Key of await stored('locked')) {
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'locked', Key }));
    expect([head.ObjectLockMode, head.ObjectLockRetainUntilDate! > new Date()]).toEqual(['GOVERNANCE', true]);
    const removal = new DeleteObjectCommand({ Bucket: 'locked', Key, VersionId: head.VersionId });
    await expect(s3.send(removal)).rejects.toMatchObject({ name: 'AccessDenied' });
  }
});
