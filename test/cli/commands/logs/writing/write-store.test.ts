import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../../src/cli/arguments/command-line.js';
import { storeSettings } from '../../../../../src/cli/arguments/store/store-settings.js';
import { writeSettings } from '../../../../../src/cli/commands/logs/writing/write-settings.js';
import { onlyWhere } from '../../../../support/prerequisite.js';
import { REGION } from '../../../../support/s3/fake/fake-s3.js';
import { currentOf } from '../../../../support/s3/fake/state.js';
import { fakeForTests } from '../../../../support/s3/fake-for-tests.js';
import type { Place } from '../../../support/command.js';
import type { Ended, Running } from '../../../support/running.js';
import { signalled, start, until } from '../../../support/running.js';
import { contentOf, placeAt } from '../../store/support.js';
import { WRITE, written } from '../archives.js';
import { parseExposition } from './exposition-parser.js';

const here = fakeForTests();
const { fake, bucket } = here;
const DAY = 86_400_000;
const STORE = ['--store', `s3://${bucket}/logs`];
/** With time for uploads that only a failure uses up. */
const PATIENT = [...STORE, '--drain', '10m'];
const DOWN = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

/** The store refuses every write. */
const refuseWrites = () => {
  for (const on of ['HeadObject', 'PutObject']) fake.fault({ on, times: 1_000 }, DOWN);
};

/** The segments in the bucket, by their indexes. */
const stored = () => contentOf(fake, bucket).keys.map((key) => Number(key.slice(-12)));

/** The segments in the folder. */
async function local({ folder }: Place): Promise<string[]> {
  const [archive = ''] = (await readdir(join(folder, 'logs'))).filter((name) => name.length === 32);
  return (await readdir(join(folder, 'logs', archive))).filter((name) => /\.(open|sealed)$/.test(name));
}

/** A writer that has said that its first segment, a line, cannot be stored. */
async function failing(place: Place, words: readonly string[]): Promise<Running & { said: () => string }> {
  const running = start([...WRITE, ...words], place);
  const { child } = running;
  child.stdin?.write('one\n');
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  await until(() => said.includes('begins'), 'an archive');
  // A segment without a line goes on: the line may come later than the signal.
  await until(() => child.kill('SIGHUP') && said.includes('cannot be stored'), 'a failure');
  return { ...running, said: () => said };
}

/** How a writer ends that was told that its first segment, a line, cannot be stored. It does not wait for uploads then. */
async function refused(place: Place, ...words: string[]): Promise<Ended> {
  const { child, ended } = await failing(place, [...STORE, '--drain', '0s', ...words]);
  child.stdin?.end();
  return ended;
}

describe('logs write --store', () => {
  it('stores what has ended, says that an archive begins, and leaves no segment behind', async () => {
    const place = await placeAt(fake);
    const { status, stdout, stderr } = await written(place, 'one\n', ...PATIENT, '--json');
    expect(stderr).toMatch(/^sealpipe: logs has no archive to continue: archive [0-9a-f]{32} begins\n$/);
    expect(status).toBe(0);
    const { positions, notStored } = JSON.parse(stdout.toString());
    expect([positions.stored, notStored]).toEqual([{ bytes: 4, records: 1 }, []]);
    expect([stored(), await local(place)]).toEqual([[0], []]);
    expect(await written(place, 'two\n', ...PATIENT)).toMatchObject({ status: 0, stderr: '' });
    expect([stored(), await local(place)]).toEqual([[0, 1], []]);
  });

  it('is 0 where the store cannot be had, names what is left, and the next start stores it', async () => {
    const place = await placeAt(fake);
    refuseWrites();
    const { status, stdout, stderr } = await refused(place, '--json');
    expect([status, stored(), (await local(place)).sort()]).toEqual([
      0,
      [],
      [expect.stringMatching(/^0{12}-.*\.sealed$/), expect.stringMatching(/^0{11}1-.*\.sealed$/)],
    ]);
    const { archive, notStored } = JSON.parse(stdout.toString());
    expect(notStored).toEqual([0, 1].map((index) => ({ archive, index, bytes: expect.any(Number) })));
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('begins'),
      expect.stringMatching(
        /^sealpipe: segment 0 cannot be stored \(.+\): it stays in the folder, and storing is retried$/,
      ),
      expect.stringMatching(
        /^sealpipe: 2 segments \([\d,]+ bytes\) are only in logs: the next start stores them$/,
      ),
      '',
    ]);
    fake.clearFaults();
    expect(await written(place, 'two\n', ...PATIENT)).toMatchObject({ status: 0, stderr: '' });
    expect([stored(), await local(place)]).toEqual([[0, 1, 2], []]);
  });

  it('--object-lock keeps what was stored, and in a bucket that cannot the file stays, with the reason', async () => {
    fake.world.createBucket('locked', REGION, { objectLock: true });
    const place = await placeAt(fake);
    const words = ['--object-lock', 'GOVERNANCE:2'];
    const { status, stderr } = await refused(place, ...words);
    expect([status, stored(), await local(place)]).toEqual([
      0,
      [],
      [expect.stringContaining('.sealed'), expect.stringContaining('.sealed')],
    ]);
    expect(stderr).toContain(
      'segment 0 cannot be stored (the bucket has no Object Lock, or does not take this retention (S3 PutObject: InvalidRequest',
    );
    const locked = ['--store', 's3://locked/logs', ...words, '--drain', '10m'];
    expect(await written(place, 'two\n', ...locked)).toMatchObject({ status: 0, stderr: '' });
    const { keys } = contentOf(fake, 'locked');
    expect(keys).toHaveLength(3);
    for (const Key of keys) {
      const { Retention } = await here.client.send(new GetObjectRetentionCommand({ Bucket: 'locked', Key }));
      expect(Retention?.Mode).toBe('GOVERNANCE');
      expect(Math.abs(Retention!.RetainUntilDate!.getTime() - Date.now() - 2 * DAY)).toBeLessThan(DAY / 24);
      const VersionId = currentOf(fake.world.bucket('locked'), Key)!.versionId;
      const removal = new DeleteObjectCommand({ Bucket: 'locked', Key, VersionId });
      await expect(here.client.send(removal)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('says once that the store cannot be had, and once that it can', async () => {
    const place = await placeAt(fake);
    refuseWrites();
    const { child, ended, said } = await failing(place, [...PATIENT, '--metrics', 'm.prom']);
    fake.clearFaults();
    await until(() => said().includes('was stored'), 'a success');
    child.stdin?.end('two\n');
    const { status, stderr } = await ended;
    expect([status, stderr.match(/cannot be stored|was stored/g)]).toEqual([
      0,
      ['cannot be stored', 'was stored'],
    ]);
    expect(stored()).toEqual([0, 1]);
    const metrics = parseExposition(await readFile(join(place.folder, 'm.prom'), 'utf8'));
    const ofStore = [...metrics].filter(([key]) =>
      /stored_total|store_failures|backlog_lines.*stored/.test(key),
    );
    expect(ofStore.map(([, value]) => value)).toEqual([0, 2, expect.any(Number)]);
  });

  it('waits for uploads for --drain at most after SIGTERM, also if the store answers nothing', async () => {
    const place = await placeAt(fake);
    for (const on of ['HeadObject', 'PutObject']) fake.fault({ on, times: 1_000 }, { kind: 'stall request' });
    const { child, ended } = start([...WRITE, ...STORE, '--drain', '1s'], place);
    child.stdin?.write('one\n');
    await until(async () => (await readdir(place.folder)).includes('logs'), 'an archive');
    const from = performance.now();
    child.kill('SIGTERM');
    child.stdin?.end('the last line\n');
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([0, expect.stringContaining('is only in logs')]);
    expect(performance.now() - from).toBeGreaterThan(900);
    fake.clearFaults();
    expect(await written(place, '', ...PATIENT)).toMatchObject({ status: 0 });
    expect(stored()).toContain(0);
  });

  it('ends at once at a second signal while it waits for uploads', async () => {
    const place = await placeAt(fake);
    for (const on of ['HeadObject', 'PutObject']) fake.fault({ on, times: 1_000 }, { kind: 'stall request' });
    const running = start([...WRITE, ...PATIENT], place);
    running.child.stdin?.end('one\n');
    await until(() => fake.seen.operations.length > 0, 'a request');
    expect(await signalled(running, 'SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    fake.clearFaults();
    expect(await written(place, '', ...PATIENT)).toMatchObject({ status: 0 });
    expect(stored()).toContain(0);
  });

  it('refuses what cannot be, and makes no folder', async () => {
    const place = await placeAt(fake);
    const { status, stderr } = await written(place, '', '--drain', '5s');
    expect([status, stderr]).toEqual([2, expect.stringContaining('--drain needs --store')]);
    expect(await readdir(place.folder)).toEqual(['a', 'k']);
  });
});

describe('the options of a store', () => {
  /** What a command line is refused with; undefined: it is not. */
  const refusal = (...words: string[]): unknown => {
    try {
      const line = parseCommandLine(['logs', 'write', 'logs', ...words]);
      writeSettings(line.options);
      storeSettings(line);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it.each([
    [['--max-bytes', '1G'], '--max-bytes needs --store'],
    [['--object-lock', 'GOVERNANCE:30'], '--object-lock needs --store'],
    [['--profile', 'other'], '--profile needs --store'],
    [['--endpoint-url', 'http://127.0.0.1'], '--endpoint-url needs --store'],
    [['--store', 'bucket/logs'], 'invalid value bucket/logs for --store'],
    [['--store', 's3://'], 's3://'],
    [[...STORE, '--object-lock', 'FOREVER:1'], '--object-lock'],
    [[...STORE, '--max-bytes', '1K'], '--max-bytes must be from'],
    [[...STORE, '--drain', '2d'], '--drain must be from'],
    [[...STORE, '--endpoint-url', 'here'], '--endpoint-url'],
    [[...STORE, '--part-size', '8M'], '--part-size'],
  ])('are refused: %j', (words, named) => {
    expect(refusal(...words)).toMatchObject({ status: 2, what: expect.stringContaining(named) });
  });

  it('are taken', () => {
    expect(refusal(...STORE, '--drain', '0s', '--max-bytes', '64K', '--region', 'eu-west-1')).toBeUndefined();
    const { options } = parseCommandLine([
      'logs',
      'write',
      'logs',
      ...STORE,
      '--object-lock',
      'COMPLIANCE:7',
    ]);
    expect(writeSettings(options)).toMatchObject({
      store: STORE[1],
      objectLock: { mode: 'COMPLIANCE', days: 7 },
      drain: 8_000,
    });
  });
});
