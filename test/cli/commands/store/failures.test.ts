import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { putBytes } from '../../../s3/support/sealed-objects.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { sampled } from '../../../support/sample.js';
import { namesIn } from '../../support/running.js';
import { contentOf, objectIn, placeAt, putObject, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;
const X = Buffer.from('plaintext');
const DENIED = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;

/** Somebody who may do this with the bucket, and nothing else. */
function userWith(...actions: string[]) {
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const user = {
    accessKeyId: `USER${actions.length}`,
    secretAccessKey: 'secret',
    policies: [{ Statement: [{ Effect: 'Allow' as const, Action: actions, Resource }] }],
  };
  fake.addUser(user);
  return user;
}

describe('what a store refuses is told with its object and a remedy', () => {
  it.each([
    ['no such object', ['decrypt', at('none')], {}, /^cannot read s3:.*\/none: there is no such object/],
    [
      'no such bucket',
      ['decrypt', 's3://none/x'],
      {},
      /^cannot read s3:\/\/none\/x: the bucket does not exist/,
    ],
    [
      'no such bucket',
      ['encrypt', 'a', '-o', 's3://none/x'],
      {},
      /^cannot write s3:\/\/none\/x: the bucket does/,
    ],
    ['no such version', ['decrypt', at('x'), '--version-id', 'n'], {}, /^cannot read .*NoSuchVersion/],
    [
      'no credentials',
      ['decrypt', at('x')],
      { AWS_ACCESS_KEY_ID: undefined },
      /no AWS credentials[\s\S]*AWS_PROFILE/,
    ],
    [
      'no region',
      ['decrypt', at('x')],
      { AWS_REGION: undefined },
      /^no AWS region was found\n {2}Give --region/,
    ],
    [
      'no server',
      ['decrypt', at('x')],
      { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
      /connection to the store failed/,
    ],
  ])('%s: %j', async (_, words, env, said) => {
    const place = await placeAt(fake);
    const { status, stdout, stderr } = await run(place, words, { env });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.replace(/^sealpipe: error: /, '')).toMatch(said);
  });

  it('access that is denied names the right that is missing', async () => {
    const place = await placeAt(fake, userWith('s3:ListBucket'));
    await putObject(fake, place, bucket, 'x', X);
    expect((await run(place, ['decrypt', at('x')])).stderr).toMatch(
      /denied.*403[\s\S]*Allow s3:GetObject in/,
    );
    expect((await run(place, ['encrypt', 'a', '-o', at('y')])).stderr).toMatch(
      /denied.*403[\s\S]*Allow s3:PutObject in/,
    );
    expect((await run(place, ['verify', at('x'), '--json'])).stdout).toMatch(/"code": "ERR_SEALPIPE_STORE"/);
  });

  it('a writer that may not look writes all the same, and replaces nothing', async () => {
    const place = await placeAt(fake, userWith('s3:PutObject', 's3:AbortMultipartUpload'));
    expect(await run(place, ['encrypt', 'a', '-o', at('y')])).toMatchObject({ status: 0, stderr: '' });
    const before = objectIn(fake, bucket, 'y');
    const { status, stderr } = await run(place, ['encrypt', 'a', '-o', at('y')]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${at('y')} already exists`)]);
    expect(objectIn(fake, bucket, 'y')).toEqual(before);
  });
});

describe('parts that cannot be removed', () => {
  it.each([
    ['the store', 'true', 'UploadPart'],
    ['the program', 'exit 3', 'nothing else'],
  ])('are told once if %s fails', async (_what, end, operation) => {
    const place = await placeAt(fake);
    fake.fault({ on: 'AbortMultipartUpload', times: 99 }, DENIED);
    fake.fault({ on: operation, skip: 1, times: 99 }, DENIED);
    const dump = ['--', 'sh', '-c', `head -c 30000000 /dev/zero; ${end}`];
    const { status, stderr } = await run(place, ['encrypt', '-o', at('x'), ...dump]);
    expect([status, stderr.match(/sealpipe uploads --abort/g)?.length]).toEqual([1, 1]);
    expect(stderr).not.toContain('`');
    expect((await run(place, ['uploads'])).stdout).toContain(at('x'));
  });
});

describe('an object in another place', () => {
  it('does not open there, but where it is said to be from', async () => {
    const place = await placeAt(fake);
    putBytes(fake.world.bucket(bucket), 'moved', await putObject(fake, place, bucket, 'x', X));
    for (const words of [
      ['decrypt', at('moved'), '-o', 'out'],
      ['decrypt', '--range', '0-1', at('moved'), '-o', 'out'],
      ['verify', at('moved')],
      ['recover', at('moved'), '-o', 'out'],
      ['decrypt', at('x'), '--location', at('moved')],
      ['decrypt', at('x'), '-c', 'purpose=other'],
    ]) {
      const { status, stdout, stderr } = await run(place, words);
      expect([words, status, stdout]).toEqual([words, 3, '']);
      expect(stderr).toContain('--location s3://BUCKET/KEY');
    }
    expect(await namesIn(place.folder)).toEqual(['a', 'k']);
    for (const location of [at('x'), 'any']) {
      const opened = await run(place, ['decrypt', at('moved'), '--location', location]);
      expect(opened).toEqual({ status: 0, stdout: String(X), stderr: '' });
    }
  });

  it('is bound to nothing with --bind none, and then needs --location any', async () => {
    const place = await placeAt(fake);
    await run(place, ['encrypt', 'a', '--bind', 'none', '-o', at('free')]);
    expect(await run(place, ['decrypt', at('free')])).toMatchObject({ status: 3, stdout: '' });
    expect(await run(place, ['decrypt', '--location', 'any', at('free')])).toMatchObject({
      stdout: 'hello\n',
    });
  });

  it('may withhold its place: whoever reads it there knows it', async () => {
    const place = await placeAt(fake);
    expect(await run(place, ['encrypt', 'a', '--withhold-context', '-o', at('w')])).toMatchObject({
      status: 0,
    });
    expect((await run(place, ['inspect', at('w')])).stdout).toContain('withheld');
    expect(await run(place, ['decrypt', at('w')])).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
  });
});

describe('damaged objects', () => {
  it('are told like damaged files, and what verifies can be saved', async () => {
    const place = await placeAt(fake);
    const sealed = await putObject(fake, place, bucket, 'x', Buffer.alloc(300_000, 'x'));
    putBytes(fake.world.bucket(bucket), 'x', sealed.subarray(0, 200_000));
    expect(await run(place, ['decrypt', at('x'), '-o', 'out'])).toMatchObject({ status: 4 });
    const verified = await run(place, ['verify', at('x')]);
    expect([verified.status, verified.stdout]).toEqual([4, expect.stringContaining('fault in frame 3')]);
    const saved = await run(place, ['recover', at('x'), '-o', 'saved']);
    expect([saved.status, saved.stderr]).toEqual([4, expect.stringContaining('saved has 196,608 bytes')]);
    putBytes(fake.world.bucket(bucket), 'x', Buffer.alloc(0));
    expect(await run(place, ['decrypt', at('x'), '-o', 'out'])).toMatchObject({ status: 4 });
    await writeFile(join(place.folder, 'plain'), 'no stream');
    expect(await namesIn(place.folder)).toEqual(['a', 'k', 'plain', 'saved']);
  });
});

describe('wrong use', () => {
  const uses: readonly [words: string[], said: string][] = [
    [['decrypt', 'a', '--region', 'x'], '--region needs a name that begins with s3://'],
    [['encrypt', 'a', '--limit-rate', '1M'], '--limit-rate needs a name'],
    [['encrypt', 'a', '-o', 'b', '--tag', 'a=b'], '--tag needs -o s3://BUCKET/KEY'],
    [['encrypt', at('x'), '-o', 'b', '--bind', 'none'], '--bind needs -o s3://'],
    [['encrypt', at('x'), '-o', 'b', '--concurrency', '3'], '--concurrency needs -o s3://'],
    [['encrypt', at('x'), '-o', at('x'), '--force'], 'is the same file as'],
    [['encrypt', 'a', '-o', at('y/')], 'is a prefix, and not an object'],
    [['encrypt', 'a', '-o', 's3://'], 'is not a valid name in S3'],
    [['encrypt', 'a', '-o', at('y'), '--layout', 'record'], 'an object cannot grow'],
    [['encrypt', 'a', '-o', at('y'), '--grace', '1s'], '--grace needs --layout record'],
    [['encrypt', 'a', '-o', at('y'), '--location', 'any'], 'invalid value any for --location'],
    [
      ['encrypt', 'a', '-o', at('y'), '--object-lock', 'COMPLIANCE'],
      'invalid value COMPLIANCE for --object-lock',
    ],
    [['encrypt', 'a', '-o', at('y'), '--part-size', '1M'], 'invalid value 1M for --part-size'],
    [['encrypt', 'a', '-o', at('y'), '--concurrency', '65'], '--concurrency must be at most 64'],
    [['encrypt', 'a', '-o', at('y'), '--metadata', 'a=\u00e9'], '--metadata: S3 does not take'],
    [['encrypt', 'a', '-o', at('y'), '-c', 'sealpipe:key=b'], 'the pair sealpipe:key is set from'],
    [['decrypt', at('')], 'is a prefix'],
    [['decrypt', at('x'), '-o', at('y')], 'only encrypt writes to S3'],
    [
      ['decrypt', '--range', '0-1', '--concurrency', '2', at('x')],
      '--range and --concurrency do not go together',
    ],
    [['recover', at(''), '-o', 'b'], 'is a prefix'],
    [['verify', 'a', at('x'), '--version-id', 'n'], '--version-id needs one object'],
    [['inspect', at(''), '--version-id', 'n'], 'is a prefix'],
    [['inspect', at('x'), '--endpoint-url', 's3.example.com'], 'invalid value s3.example.com'],
    [['inspect', at('x'), '--limit-rate', '9'], 'invalid value 9 for --limit-rate'],
    [['rewrap', at('x'), '--to', 'file:k'], 'rewrap works on files'],
  ];
  it.each(sampled(uses, 4, 'wrong use of names in S3'))(
    '%j is refused, and nothing is asked of the store',
    async (words, said) => {
      const place = await placeAt(fake);
      const { status, stdout, stderr } = await run(place, words);
      expect([stderr, status, stdout]).toEqual([expect.stringContaining(said), 2, '']);
      expect(fake.seen.requests).toEqual([]);
      expect(contentOf(fake, bucket)).toEqual({ keys: [], uploads: 0 });
    },
  );
});
