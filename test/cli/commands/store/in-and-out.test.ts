import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { putBytes } from '../../../s3/support/sealed-objects.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { command, namesIn } from '../../support/running.js';
import { contentOf, objectIn, placeAt, putObject, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;
const DONE = { status: 0, stdout: '', stderr: '' };

describe('into a store and back', () => {
  it('a file becomes an object, and a file again', async () => {
    const place = await placeAt(fake);
    expect(await run(place, ['encrypt', 'a', '-o', at('b/a')])).toEqual(DONE);
    expect(contentOf(fake, bucket)).toEqual({ keys: ['b/a'], uploads: 0 });
    expect(await run(place, ['decrypt', at('b/a')])).toEqual({ ...DONE, stdout: 'hello\n' });
    expect(await run(place, ['decrypt', at('b/a'), '-o', 'b'])).toEqual(DONE);
    expect(await readFile(join(place.folder, 'b'), 'utf8')).toBe('hello\n');
  });

  it('what a program writes becomes an object', async () => {
    const place = await placeAt(fake);
    expect(await run(place, ['encrypt', '-o', at('p'), '--', 'sh', '-c', 'echo hi'])).toEqual(DONE);
    expect(await run(place, ['decrypt', at('p')])).toEqual({ ...DONE, stdout: 'hi\n' });
  });

  it('standard input becomes an object, and a report says so', async () => {
    const place = await placeAt(fake);
    const { status, stdout } = await run(place, ['encrypt', '--json', '-o', at('p')]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'encrypt', output: at('p'), bytesIn: 0, parts: 0 });
    expect(await run(place, ['decrypt', at('p')])).toEqual(DONE);
  });

  it('keys are taken as they are', async () => {
    const place = await placeAt(fake);
    const odd = [
      'with spaces  in it',
      'what?versionId=1',
      'a#b',
      'a%2Fb%20c',
      'a//b',
      '/leading',
      'ünïcode-日本-🔒',
      'a\nb',
      '../up',
      '.',
      'a+b&c=d',
    ];
    for (const key of odd) await putObject(fake, place, bucket, key, Buffer.from('x'));
    // By its name, and as the listing of the store has it.
    const named = await run(place, ['verify', ...odd.map(at)]);
    expect(named).toMatchObject({ status: 0, stderr: '' });
    expect(named.stdout.trimEnd().split('\n').length).toBe(odd.length);
    const listed = await run(place, ['verify', '--json', `s3://${bucket}`]);
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    const names = listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).name);
    expect(names.sort()).toEqual(odd.map(at).sort());
  });

  it.each(['a%2F b?c#d', '/a\nb//+é'])('a key is written as it is: %j', async (key) => {
    const place = await placeAt(fake);
    expect(await run(place, ['encrypt', 'a', '-o', at(key)])).toEqual(DONE);
    expect(contentOf(fake, bucket)).toEqual({ keys: [key], uploads: 0 });
    expect(await run(place, ['decrypt', at(key)])).toEqual({ ...DONE, stdout: 'hello\n' });
  });

  it('a plain object is sealed as it is, into a file and into another object', async () => {
    const place = await placeAt(fake);
    const plain = Buffer.alloc(9_000_000, 'plain');
    putBytes(fake.world.bucket(bucket), 'plain', plain);
    expect(await run(place, ['encrypt', at('plain'), '-o', 's'])).toEqual(DONE);
    expect(await run(place, ['decrypt', 's', '-o', 'd'])).toEqual(DONE);
    expect(plain.equals(await readFile(join(place.folder, 'd')))).toBe(true);
    expect(await run(place, ['encrypt', at('plain'), '-o', at('sealed')])).toEqual(DONE);
    expect(await run(place, ['decrypt', at('sealed'), '-o', 'e'])).toEqual(DONE);
    expect(plain.equals(await readFile(join(place.folder, 'e')))).toBe(true);
  });

  it('ranges are read alone', async () => {
    const place = await placeAt(fake);
    const plain = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => i % 251));
    await writeFile(join(place.folder, 'p'), plain);
    await run(place, ['encrypt', 'p', '-o', at('p')]);
    fake.seen.requests.length = 0;
    for (const [range, bytes] of [
      ['0-0', plain.subarray(0, 1)],
      ['500000-500009', plain.subarray(500_000, 500_010)],
      ['-5', plain.subarray(-5)],
      ['999990-', plain.subarray(999_990)],
    ] as const) {
      const { stdout, status } = await command(['decrypt', '--range', range, at('p')], place);
      expect([range, status, stdout.equals(bytes)]).toEqual([range, 0, true]);
    }
    const sent = fake.seen.requests.reduce((sum, request) => sum + request.sent, 0);
    expect(sent).toBeLessThan(1_000_000);
  });
});

describe('an object that is there', () => {
  it('is refused in the words for files, before a program is started', async () => {
    const place = await placeAt(fake);
    await run(place, ['encrypt', 'a', '-o', at('x')]);
    const before = objectIn(fake, bucket, 'x');
    const refused = await run(place, ['encrypt', '-o', at('x'), '--', 'touch', 'started']);
    expect(refused).toEqual({
      status: 2,
      stdout: '',
      stderr: `sealpipe: error: ${at('x')} already exists\n  Choose another name, or use --force to replace it.\n`,
    });
    expect(await namesIn(place.folder)).not.toContain('started');
    expect(objectIn(fake, bucket, 'x')).toEqual(before);
    expect(await run(place, ['encrypt', '--force', '-o', at('x'), '--', 'echo', 'new'])).toEqual(DONE);
    expect(await run(place, ['decrypt', at('x')])).toEqual({ ...DONE, stdout: 'new\n' });
  });

  it('of last night stands if the program fails, and no parts are left', async () => {
    const place = await placeAt(fake);
    await run(place, ['encrypt', 'a', '-o', at('x')]);
    for (const dump of [
      'echo a; exit 3',
      'head -c 40000000 /dev/zero; exit 3',
      'head -c 40000000 /dev/zero; kill -9 $$',
    ]) {
      const failed = await run(place, ['encrypt', '--force', '-o', at('x'), '--', 'sh', '-c', dump]);
      expect([dump, failed.status, failed.stderr]).toEqual([
        dump,
        1,
        expect.stringContaining('so the sealed stream was not finished'),
      ]);
      expect(failed.stderr).toContain(`${at('x')} was not created or changed.`);
      expect(await run(place, ['decrypt', at('x')])).toEqual({ ...DONE, stdout: 'hello\n' });
      expect(contentOf(fake, bucket)).toEqual({ keys: ['x'], uploads: 0 });
    }
  });
});
