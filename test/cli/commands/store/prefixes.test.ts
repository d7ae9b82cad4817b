import { describe, expect, it } from 'vitest';
import { putBytes } from '../../../s3/support/sealed-objects.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { placeAt, putObject, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;

describe('a prefix', () => {
  it('stands for every object below it, in verify and inspect', async () => {
    const place = await placeAt(fake);
    fake.quirks.pageSize = 2;
    for (const key of ['db/a', 'db/b', 'db/c/d', 'other', 'dbx'])
      await putObject(fake, place, bucket, key, Buffer.from(key));
    putBytes(fake.world.bucket(bucket), 'db/', Buffer.alloc(0));
    const { status, stdout, stderr } = await run(place, ['verify', at('db/')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(': ')[0]),
    ).toEqual(['db/a', 'db/b', 'db/c/d'].map(at));
    const table = await run(place, ['inspect', at('db/'), '--concurrency', '2']);
    expect(table).toMatchObject({ status: 0, stderr: '' });
    expect(table.stdout).toMatch(/^NAME +SUITE[\s\S]*\/db\/a .* 4 bytes [\s\S]*\/db\/c\/d .* 6 bytes /m);
  });

  it('goes on behind what is not sealed, and says which that was', async () => {
    const place = await placeAt(fake);
    for (const key of ['a', 'c']) await putObject(fake, place, bucket, key, Buffer.from(key));
    putBytes(fake.world.bucket(bucket), 'b', Buffer.from('plain, as anything may be'));
    for (const command of ['verify', 'inspect']) {
      const { status, stdout, stderr } = await run(place, [command, at('')]);
      expect([command, status]).toEqual([command, 3]);
      expect(stderr).toContain(`error: ${at('b')}: not a sealpipe stream`);
      expect(stdout).toMatch(/the-bucket\/a[\s\S]*the-bucket\/c/);
    }
    await run(place, ['encrypt', 'a', '-o', 'here']);
    const mixed = await run(place, ['verify', 'here', at('a'), '--json']);
    expect(mixed).toMatchObject({ status: 0, stderr: '' });
    expect(
      mixed.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['here', at('a')]);
  });

  it('without an object is a failure', async () => {
    const place = await placeAt(fake);
    const { status, stderr } = await run(place, ['verify', at('none/')]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`error: there are no objects in ${at('none/')}`),
    ]);
  });
});
