import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordedUploads } from '../../../../src/s3/upload/journal/open-uploads.js';
import { UploadJournal } from '../../../../src/s3/upload/journal/upload-journal.js';
import { patterned } from '../../../support/pieces.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { sampled } from '../../../support/sample.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { MIB, opened, openUploads, source, upload } from '../uploads.js';
import { noncesUsedTwice } from './nonce-record.js';

const here = fakeForTests();
const SIZE = 28 * MIB + 5;
const PARTS = 6;
const program = fileURLToPath(new URL('upload-file.mjs', import.meta.url));
const recorder = pathToFileURL(fileURLToPath(new URL('nonce-recorder.mjs', import.meta.url))).href;

let folder = '';
let file = '';
let journal = '';
let record = '';

beforeEach(async (context) => {
  folder = await tempFolder();
  [file, journal, record] = [join(folder, 'plain'), join(folder, 'uploads'), join(folder, 'nonces')];
  writeFileSync(file, patterned(SIZE));
  const probe = await UploadJournal.open(join(folder, 'probe'), { ...PLACE, endpoint: undefined });
  onlyWhere(context, probe !== undefined, 'no file locks here');
  await probe?.end();
});

const PLACE = { bucket: 'bbb', key: 'k' };

/** Starts the upload in a process of its own, with its nonces on record. */
function start(more: object = {}) {
  const options = { config: here.fake.clientConfig(), bucket: here.bucket, key: 'k', file, journal, ...more };
  const child = spawn(process.execPath, ['--import', recorder, program, JSON.stringify(options)], {
    env: { ...process.env, NONCE_RECORD: record },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async report() {
      const [stdout, stderr] = await said;
      await ended;
      expect(stderr).toBe('');
      return JSON.parse(stdout) as { resumedParts?: number; parts: number };
    },
  };
}

/** Uploads until so many parts are there and the next stand still, then kills the process. */
async function killedAfter(parts: number, more: object = {}): Promise<void> {
  here.fake.fault({ on: 'UploadPart', skip: parts, times: 99 }, { kind: 'stall request' });
  const upload = start(more);
  while (here.fake.seen.of('UploadPart').length < Math.min(PARTS, parts + 2)) await pause(10);
  while (partsThere() < parts) await pause(10);
  await upload.kill();
  here.fake.clearFaults();
  here.fake.seen.requests.length = 0;
}

const uploads = () => [...here.fake.world.bucket(here.bucket).uploads.values()];
const partsThere = () => uploads()[0]?.parts.size ?? 0;
const journals = () => (existsSync(journal) ? readdirSync(journal) : []);

/** Under the key of a stream, one nonce seals one plaintext, in all processes of a test. */
const expectNoNonceTwice = () => expect(noncesUsedTwice(record)).toEqual([]);

describe('an upload of a file that was killed', () => {
  it.each(sampled([0, 1, 3, 5], 2, 'killed after parts'))(
    'after %d parts is resumed by the next one',
    async (parts) => {
      await killedAfter(parts);
      expect(journals()).toHaveLength(1);
      const [id] = uploads().map((one) => one.id);
      const report = await start().report();
      expect(report).toMatchObject({ resumedParts: parts, parts: PARTS });
      expect(here.fake.seen.of('CreateMultipartUpload')).toEqual([]);
      expect(here.fake.seen.of('CompleteMultipartUpload')[0]!.query['uploadId']).toBe(id);
      expect(here.fake.seen.of('UploadPart')).toHaveLength(PARTS - parts);
      expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
      expect([openUploads(here), journals()]).toEqual([0, []]);
      expectNoNonceTwice();
    },
  );

  it('again and again is resumed each time', async () => {
    await killedAfter(1);
    await killedAfter(1);
    await killedAfter(2);
    const report = await start().report();
    expect(report.resumedParts).toBe(4);
    expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
    expectNoNonceTwice();
  });

  it.each([
    ['in a part that was sent', 100],
    ['in a part that was being sent', 16 * MIB],
  ])('and edited %s is made anew, with another key', async (_where, at) => {
    await killedAfter(3);
    const [id] = uploads().map((one) => one.id);
    const edited = patterned(SIZE);
    edited[at]! ^= 1;
    writeFileSync(file, edited);
    const report = await start().report();
    expect(report.resumedParts).toBeUndefined();
    expect(here.fake.seen.of('CompleteMultipartUpload')[0]!.query['uploadId']).not.toBe(id);
    expect((await opened(here)).equals(edited)).toBe(true);
    expect([openUploads(here), journals()]).toEqual([0, []]);
    expectNoNonceTwice();
  });

  it('and edited in a part that was never read is resumed: nothing of it was sealed', async () => {
    await killedAfter(1);
    const edited = patterned(SIZE);
    edited[SIZE - 1]! ^= 1;
    writeFileSync(file, edited);
    const report = await start().report();
    expect(report.resumedParts).toBe(1);
    expect((await opened(here)).equals(edited)).toBe(true);
    expectNoNonceTwice();
  });

  const changes: readonly [what: string, change: () => void, more: object][] = [
    ['longer', (): void => writeFileSync(file, patterned(SIZE + MIB)), {}],
    ['under another context', () => undefined, { encryptionContext: { purpose: 'other' } }],
    ['with other attributes', () => undefined, { storageClass: 'STANDARD_IA' }],
    ['in other frames', () => undefined, { frameSize: 4_096 }],
    ['under another suite', () => undefined, { suite: 'AES-128-GCM' }],
    ['under another key', () => undefined, { keyByte: 8 }],
    ['without checksums', () => undefined, { requestChecksumCalculation: 'WHEN_REQUIRED' }],
  ];
  it.each(sampled(changes, 2, 'changed since the kill'))(
    'and is %s now is made anew, and its parts are removed',
    async (_what, change, more) => {
      await killedAfter(2);
      const [id] = uploads().map((one) => one.id);
      change();
      const report = await start(more).report();
      expect(report.resumedParts).toBeUndefined();
      expect(here.fake.seen.of('AbortMultipartUpload').map(({ query }) => query['uploadId'])).toEqual([id]);
      expect([openUploads(here), journals()]).toEqual([0, []]);
      expectNoNonceTwice();
    },
  );

  const losses: readonly [what: string, change: () => unknown][] = [
    ['is gone from the store', () => here.fake.world.bucket(here.bucket).uploads.clear()],
    ['has a part that nobody wrote down', () => uploads()[0]!.parts.set(6, uploads()[0]!.parts.get(1)!)],
    [
      'has a part of another length',
      () => uploads()[0]!.parts.set(1, { ...uploads()[0]!.parts.get(1)!, bytes: Buffer.alloc(5 * MIB) }),
    ],
  ];
  it.each(sampled(losses, 2, 'lost since the kill'))('and %s is made anew', async (_what, change) => {
    await killedAfter(2);
    change();
    const report = await start().report();
    expect(report.resumedParts).toBeUndefined();
    expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
    expect([openUploads(here), journals()]).toEqual([0, []]);
    expectNoNonceTwice();
  });

  it('and whose store does not answer keeps its journal for later', async () => {
    await killedAfter(2);
    here.fake.fault({ on: 'ListParts', times: 99 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
    const failed = upload(here, pathToFileURL(file), { journal, engine: 'node' });
    await expect(failed).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: true });
    here.fake.clearFaults();
    expect(journals()).toHaveLength(1);
    expect((await start().report()).resumedParts).toBe(2);
  });

  it.each([
    ['from the beginning', (): void => writeFileSync(file, patterned(SIZE + MIB))],
    ['in a part that was sent', (): void => writeFileSync(file, Buffer.alloc(SIZE, 1))],
  ])('and is another %s stays on record if its parts cannot be removed', async (_where, change) => {
    await killedAfter(2);
    const [id] = uploads().map((one) => one.id);
    change();
    const refused = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
    here.fake.fault({ on: 'AbortMultipartUpload', times: 99 }, refused);
    const report = await upload(here, pathToFileURL(file), { journal, engine: 'node' });
    expect(report.warnings).toEqual([expect.stringContaining('sealpipe uploads --abort')]);
    expect((await opened(here)).equals(readFileSync(file))).toBe(true);
    expect(await recordedUploads(journal)).toMatchObject([{ uploadId: id, isInUse: false }]);
    here.fake.clearFaults();
    await upload(here, pathToFileURL(file), { journal, overwrite: true });
    expect([openUploads(here), journals()]).toEqual([0, []]);
    expectNoNonceTwice();
  });

  it('has a journal that is private, and tells no name', async () => {
    await killedAfter(2);
    const [name = ''] = journals();
    expect(statSync(journal).mode & 0o777).toBe(0o700);
    expect(statSync(join(journal, name)).mode & 0o777).toBe(0o600);
    expect(name).toMatch(/^[0-9a-f]{64}\.jsonl$/);
  });

  it('leaves nothing if the next upload to its place is a stream', async () => {
    await killedAfter(2);
    await upload(here, source(12 * MIB), { journal });
    expect((await opened(here)).length).toBe(12 * MIB);
    expect([openUploads(here), journals()]).toEqual([0, []]);
  });
});

describe('a journal', () => {
  it('is not left by an upload that succeeds, fails or is aborted', async () => {
    await upload(here, pathToFileURL(file), { journal });
    expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
    const refused = upload(here, pathToFileURL(file), {
      journal,
      key: 'x',
      confirm: () => Promise.reject(new Error('no')),
    });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    await expect(upload(here, source(12 * MIB, 'fails'), { journal, key: 'y' })).rejects.toThrow('broken');
    expect([openUploads(here), journals()]).toEqual([0, []]);
  });

  it('that another process holds is left alone: the upload does without', async () => {
    here.fake.fault({ on: 'UploadPart', skip: 1, times: 99 }, { kind: 'stall request' });
    const other = start();
    while (here.fake.seen.of('UploadPart').length < 2) await pause(10);
    here.fake.clearFaults();
    await upload(here, pathToFileURL(file), { journal });
    expect(journals()).toHaveLength(1);
    expect(openUploads(here)).toBe(1);
    await other.kill();
  });

  it('that others may write is not believed', async () => {
    await killedAfter(2);
    chmodSync(join(journal, journals()[0]!), 0o666);
    const report = await start().report();
    expect(report.resumedParts).toBeUndefined();
    expectNoNonceTwice();
  });
});
