import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import type { Place } from '../../support/command.js';
import { start, until } from '../../support/running.js';
import { contentOf, placeAt, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;

beforeEach((context) => onlyWhere(context, process.platform === 'linux', 'journals need flock'));

const partsThere = () => fake.seen.of('UploadPart').filter(({ status }) => status === 200).length;

/** A file of several parts, whose upload is killed after the first of them. */
async function killedUpload(): Promise<Place> {
  const place = await placeAt(fake);
  await writeFile(join(place.folder, 'big'), Buffer.alloc(40_000_000, 'some 23 bytes of a file'));
  const { child, ended } = start(
    ['encrypt', 'big', '-o', at('x'), '--concurrency', '1', '--limit-rate', '16M'],
    place,
  );
  await until(() => partsThere() >= 2, 'two parts');
  child.kill('SIGKILL');
  await ended;
  expect(contentOf(fake, bucket)).toEqual({ keys: [], uploads: 1 });
  return place;
}

describe('an upload whose process was killed', () => {
  it('is listed, and the next one goes on with it', async () => {
    const place = await killedUpload();
    const listed = await run(place, ['uploads']);
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      /^s3:\/\/the-bucket\/x {2}.* {2}can be resumed, (?:1 part|[02-9] parts) begun {2}\/.*big\n$/,
    );
    const { uploads } = JSON.parse((await run(place, ['uploads', '--json'])).stdout);
    expect(uploads).toMatchObject([{ bucket, key: 'x', isInUse: false, endpoint: `${fake.url}/` }]);
    expect((await run(place, ['uploads', at('y')])).stdout).toBe('');
    const { status, stderr } = await run(place, ['encrypt', 'big', '-o', at('x')]);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/resumed an interrupted upload: \d parts? w/),
    ]);
    expect(contentOf(fake, bucket)).toEqual({ keys: ['x'], uploads: 0 });
    expect(await run(place, ['decrypt', at('x'), '-o', 'again'])).toMatchObject({ status: 0, stderr: '' });
    expect(await runProcess('cmp', ['big', 'again'], { cwd: place.folder })).toMatchObject({ status: 0 });
    expect((await run(place, ['uploads'])).stdout).toBe('');
  });

  it('is removed by --abort, wherever the environment points now', async () => {
    const place = await killedUpload();
    const env = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_REGION: undefined };
    const { status, stderr } = await run(place, ['uploads', '--abort', at('')], { env });
    expect([status, stderr]).toEqual([0, `sealpipe: ${at('x')}: its parts were removed\n`]);
    expect(contentOf(fake, bucket)).toEqual({ keys: [], uploads: 0 });
    expect((await run(place, ['uploads'])).stdout).toBe('');
  });

  it('cannot be removed without its store, and stays on record', async () => {
    const place = await killedUpload();
    fake.fault(
      { on: 'AbortMultipartUpload', times: 100 },
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
    );
    const { status, stderr } = await run(place, ['uploads', '--abort']);
    expect([status, stderr]).toEqual([1, expect.stringContaining(at('x'))]);
    expect((await run(place, ['uploads'])).stdout).toContain(at('x'));
  });

  it('that cannot be written down goes on without that', async () => {
    const place = await placeAt(fake);
    await writeFile(join(place.folder, 'file'), '');
    const env = { SEALPIPE_HOME: join(place.folder, 'file') };
    expect(await run(place, ['encrypt', 'a', '-o', at('x')], { env })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});
