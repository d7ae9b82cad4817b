import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere, slowRun } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { signalled, start, until } from '../../support/running.js';
import { contentOf, placeAt, putObject, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;
/** Programs that write far more than a part, and go on. */
const ENDLESS = ['--', 'sh', '-c', 'head -c 30000000 /dev/zero; exec sleep 600'];

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

const partsThere = () => fake.seen.of('UploadPart').filter(({ status }) => status === 200).length;

describe('a signal in the middle of an upload', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s leaves neither object nor parts', async (signal, status) => {
    const place = await placeAt(fake);
    const { child, ended } = start(['encrypt', '-o', at('x'), ...ENDLESS], place);
    await until(() => partsThere() >= 2, 'two parts');
    child.kill(signal);
    expect(await ended).toMatchObject({ status, stderr: '' });
    expect(contentOf(fake, bucket)).toEqual({ keys: [], uploads: 0 });
    expect(fake.seen.operations).toContain('AbortMultipartUpload');
  });

  it('takes no longer than it may, and a second one ends it at once', async () => {
    const place = await placeAt(fake);
    fake.fault({ on: 'AbortMultipartUpload', times: 100 }, { kind: 'stall request' });
    const running = start(['encrypt', '-o', at('x'), ...ENDLESS], place);
    await until(() => partsThere() >= 2, 'two parts');
    running.child.kill('SIGINT');
    await until(() => fake.seen.operations.includes('AbortMultipartUpload'), 'an abort');
    expect(await signalled(running, 'SIGINT')).toMatchObject({ signal: 'SIGINT' });
  });
});

describe('a download', () => {
  it('ends quietly if its reader has enough, with the status of that', async () => {
    const place = await placeAt(fake);
    await putObject(fake, place, bucket, 'x', Buffer.alloc(20_000_000));
    const line = `sealpipe decrypt ${at('x')} | head -c 9 | wc -c; echo "status $\{PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProcess('bash', ['-c', line], { cwd: place.folder, env: place.env });
    expect([stdout.replace(/ /g, ''), stderr]).toEqual(['9\nstatus141\n', '']);
  });

  it('goes on where a connection broke, and reads several ranges at once', async () => {
    const place = await placeAt(fake);
    const plaintext = Buffer.from(Array.from({ length: 9_000_000 }, (_, i) => (i * 7) % 253));
    await putObject(fake, place, bucket, 'x', plaintext);
    fake.fault({ on: 'GetObject', skip: 1 }, { kind: 'cut answer', after: 3_000_000 });
    expect(await run(place, ['decrypt', at('x'), '-o', 'b'])).toMatchObject({ status: 0, stderr: '' });
    expect(await run(place, ['decrypt', '--concurrency', '4', at('x'), '-o', 'c'])).toMatchObject({
      status: 0,
    });
    const digest = createHash('sha256').update(plaintext).digest('hex');
    const { stdout } = await runProcess('sha256sum', ['b', 'c'], { cwd: place.folder });
    expect(stdout).toBe(`${digest}  b\n${digest}  c\n`);
  });

  it('of an object that is replaced while it is read fails, and leaves no file', async () => {
    const place = await placeAt(fake);
    const plaintext = Buffer.alloc(9_000_000, 'old');
    await putObject(fake, place, bucket, 'x', plaintext);
    fake.fault({ on: 'GetObject', skip: 1 }, { kind: 'cut answer', after: 3_000_000 });
    fake.fault(
      { on: 'GetObject', skip: 1 },
      {
        kind: 'act',
        act: async () => void (await putObject(fake, place, bucket, 'x', Buffer.from('new'))),
      },
    );
    const { status, stderr } = await run(place, ['decrypt', at('x'), '-o', 'b']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`cannot read ${at('x')}: the object changed`),
    ]);
  });
});

describe('--limit-rate', () => {
  it('holds both ways', async () => {
    const place = await placeAt(fake);
    await writeFile(join(place.folder, 'm'), Buffer.alloc(3_000_000));
    for (const words of [
      ['encrypt', 'm', '-o', at('m'), '--limit-rate', '2M'],
      ['decrypt', at('m'), '-o', 'n', '--limit-rate', '2M'],
    ]) {
      const since = performance.now();
      expect(await run(place, words)).toMatchObject({ status: 0, stderr: '' });
      expect([words, performance.now() - since > 1_000]).toEqual([words, true]);
    }
  });
});

describe('100 MiB', () => {
  it('go in and out', async (context) => {
    onlyWhere(context, slowRun, 'only in whole runs');
    const place = await placeAt(fake);
    await runProcess('sh', ['-c', 'head -c 104857600 /dev/urandom > r'], { cwd: place.folder });
    expect(await run(place, ['encrypt', 'r', '-o', at('r')])).toMatchObject({ status: 0 });
    expect(await run(place, ['decrypt', at('r'), '-o', 's'])).toMatchObject({ status: 0 });
    expect(await runProcess('cmp', ['r', 's'], { cwd: place.folder })).toMatchObject({ status: 0 });
  });
});
