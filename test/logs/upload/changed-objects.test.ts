import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogMessage } from '../../../src/logs/writer/log-diagnostics.js';
import { putBytes } from '../../s3/support/sealed-objects.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/s3/fake/answer.js';
import { currentOf } from '../../support/s3/fake/state.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { openWriter } from '../support/machine.js';
import { heardOnLogs, linesIn, objectsIn, openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();
const SALT = 20;

/** An answer whose object has other bytes from here on. The test reads from the beginning of the object. */
function altered(from: number, length = 1): (answer: Answer) => Answer {
  return (answer) => {
    const body = Buffer.concat(answer.body);
    for (let at = from; at < Math.min(body.length, from + length); at++) body[at]! ^= 0xff;
    return { ...answer, body: [body] };
  };
}

/** A folder whose one segment, of the line `kept`, is in the store, and whose writer ended before it could read it back. */
async function putAndEnded(): Promise<{ directory: string; archive: string; key: string }> {
  const directory = await tempFolder();
  const refused = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
  here.fake.fault({ on: 'GetObject', times: Number.POSITIVE_INFINITY }, refused);
  const writer = await openStoring(here, directory, { drain: 0, compress: false });
  writer.append('kept');
  await writer.rotate();
  await eventually(() => expect(objectsIn(here).size).toBe(1));
  await writer.end();
  here.fake.clearFaults();
  const { archive } = writer;
  // What the second segment would do is not of interest here.
  rmSync(join(directory, archive, segmentsIn(directory, writer).sort()[1]!));
  rmSync(join(directory, archive, 'acknowledged'));
  return { directory, archive, key: `logs/${archive}/000000000000` };
}

function failures(heard: readonly LogMessage[]): readonly unknown[] {
  return heard.flatMap((message) => (message.event === 'not-stored' ? [message.error] : []));
}

describe('an object of an earlier run that comes back changed', () => {
  it.each<[string, number, number]>([
    ['behind its preamble', -30, 1],
    ['in its salt', SALT, 1],
    ['in its first bytes', 0, 8],
    ['everywhere', 0, 100_000],
  ])('%s is no fork: its file stays, and it is read again until it is right', async (_what, from, length) => {
    const { directory, archive, key } = await putAndEnded();
    const size = objectsIn(here).get(key)!.length;
    const heard = heardOnLogs();
    here.fake.fault(
      { on: ({ operation, key: on }) => operation === 'GetObject' && on === key, times: 12 },
      { kind: 'alter', alter: altered(from < 0 ? size + from : from, length) },
    );
    const next = await openStoring(here, directory);
    next.append('after');
    await eventually(() => expect(failures(heard).length).toBeGreaterThan(1));
    expect(segmentsIn(directory, { archive }).sort()[0]).toMatch(/^000000000000-/);
    expect([...objectsIn(here).keys()]).toEqual([key]);
    await eventually(() => expect(segmentsIn(directory, { archive })).toEqual(['000000000001.open']));
    expect((await next.end()).notStored).toEqual([]);
    for (const error of failures(heard)) {
      expect(error).toMatchObject({
        code: 'ERR_SEALPIPE_CHANGED',
        retryable: true,
        message: expect.stringContaining('comes back as other bytes'),
        hint: expect.stringContaining('proxy'),
      });
    }
    expect(await linesIn(here)).toEqual(['kept', 'after']);
  });

  it('is not taken for a re-wrapped one if it is right when it is read again', async () => {
    for (const times of [1, 2, 3]) {
      const { directory, archive, key } = await putAndEnded();
      const { length } = objectsIn(here).get(key)!;
      const heard = heardOnLogs();
      here.fake.fault({ on: 'GetObject', times }, { kind: 'alter', alter: altered(length - 30) });
      const next = await openStoring(here, directory);
      expect((await next.end()).notStored).toEqual([]);
      expect(failures(heard).length).toBeGreaterThan(0);
      expect(segmentsIn(directory, { archive })).toEqual([]);
      here.fake.world.bucket(here.bucket).keys.clear();
    }
  });

  it('is none either if the store knows no salt of it, or another than the object has', async () => {
    for (const metadata of [{}, { 'x-amz-meta-sealpipe-salt': 'ab'.repeat(32) }]) {
      const { directory, key } = await putAndEnded();
      const version = currentOf(here.fake.world.bucket(here.bucket), key)!;
      version.details = { ...version.details, headers: metadata };
      const heard = heardOnLogs();
      here.fake.fault({ on: 'GetObject', times: 6 }, { kind: 'alter', alter: altered(version.size - 30) });
      const next = await openStoring(here, directory);
      await next.end();
      expect(failures(heard).length).toBeGreaterThan(0);
      expect([...objectsIn(here).keys()].filter((name) => name.includes('fork'))).toEqual([]);
      expect(segmentsIn(directory, next)).toEqual([]);
      here.fake.world.bucket(here.bucket).keys.clear();
    }
  });

  it('is none as long as the store says one thing of it and gives another', async () => {
    const { directory, key } = await putAndEnded();
    const heard = heardOnLogs();
    // A cache between us and the store gives the object of another archive.
    const wrong = Buffer.from('nothing of ours');
    const alter = (): Answer => ({
      status: 206,
      headers: { etag: '"0"', 'content-length': '15', 'content-range': 'bytes 0-14/15' },
      body: [wrong],
    });
    here.fake.fault({ on: 'GetObject', times: 6 }, { kind: 'alter', alter });
    const next = await openStoring(here, directory);
    await next.end();
    expect(failures(heard).length).toBeGreaterThan(0);
    expect([...objectsIn(here).keys()][0]).toBe(key);
    expect([...objectsIn(here).keys()].filter((name) => name.includes('fork'))).toEqual([]);
  });
});

describe('an object that really differs', () => {
  it('is a fork if it is the same segment written on, as from a snapshot of the open one', async () => {
    const [directory, copy] = [await tempFolder(), await tempFolder()];
    const writer = await openWriter(directory, { compress: false });
    writer.append('one');
    await writer.flush();
    cpSync(directory, copy, { recursive: true });
    rmSync(join(copy, 'lock'), { force: true });
    writer.append('two');
    await writer.end();
    await (await openStoring(here, directory)).end();
    const heard = heardOnLogs();
    const restored = await openStoring(here, copy);
    await expect(restored.end()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    expect([...objectsIn(here).keys()].filter((name) => name.includes('000000000000.fork-'))).toHaveLength(1);
    expect(failures(heard)).toEqual([expect.objectContaining({ code: 'ERR_SEALPIPE_ARCHIVE' })]);
  });

  it('is a fork if it is of another size, also without a byte', async () => {
    for (const other of [Buffer.alloc(0), Buffer.from('nothing of ours')]) {
      const { directory, key } = await putAndEnded();
      putBytes(here.fake.world.bucket(here.bucket), key, other);
      const next = await openStoring(here, directory);
      await expect(next.end()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
      expect(objectsIn(here).get(key)).toEqual(other);
      expect([...objectsIn(here).keys()].filter((name) => name.includes('fork'))).toHaveLength(1);
      here.fake.world.bucket(here.bucket).keys.clear();
    }
  });

  it('is none if nothing tells its bytes of the same length from damage', async () => {
    const { directory, archive, key } = await putAndEnded();
    const size = objectsIn(here).get(key)!.length;
    putBytes(here.fake.world.bucket(here.bucket), key, Buffer.alloc(size, 'x'));
    const heard = heardOnLogs();
    const next = await openStoring(here, directory, { drain: 50 });
    await eventually(() => expect(failures(heard).length).toBeGreaterThan(3));
    const { notStored } = await next.end();
    expect(notStored!.map(({ index }) => index)).toEqual([0, 1]);
    expect(failures(heard)[0]).toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
    expect([...objectsIn(here).keys()]).toEqual([key]);
    expect(segmentsIn(directory, { archive })).toHaveLength(2);
  });
});
