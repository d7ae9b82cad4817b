import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogWriter } from '../../../src/logs/writer/log-writer.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/s3/fake/answer.js';
import type { Fault, FaultPlace } from '../../support/s3/fake/faults.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { heardOnLogs, linesIn, objectsIn, openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();

/** Appends a line, ends its segment, and waits until it is stored. */
async function segment(writer: LogWriter, line = 'kept'): Promise<void> {
  const position = writer.append(line);
  const stored = writer.whenStored(position);
  await writer.rotate();
  await stored;
}

describe('an upload that fails', () => {
  const refusal = (status: number, code: string): Fault => ({ kind: 'refuse', status, code });
  const changed = (answer: Answer): Answer => ({
    ...answer,
    body: answer.body.map((piece) => Buffer.from(piece).fill(0, 100, 101)),
  });

  it.each<[string, FaultPlace, Fault]>([
    ['with 403', { on: 'PutObject', times: 3 }, refusal(403, 'AccessDenied')],
    ['with 503', { on: 'PutObject', times: 5 }, refusal(503, 'SlowDown')],
    ['with 400', { on: 'PutObject', times: 2 }, refusal(400, 'InvalidRequest')],
    ['since the bucket is not there', { on: 'HeadObject', times: 2 }, refusal(500, 'InternalError')],
    ['since the connection is cut', { on: 'PutObject', times: 5 }, { kind: 'cut request', after: 100 }],
    ['when it is read back', { on: 'GetObject', times: 3 }, refusal(403, 'AccessDenied')],
    ['in the middle of what is read back', { on: 'GetObject', times: 8 }, { kind: 'cut answer', after: 40 }],
    ['and comes back changed', { on: 'GetObject', times: 2 }, { kind: 'alter', alter: changed }],
  ])('%s is told and tried again, and the file stays until then', async (_what, place, fault) => {
    const directory = await tempFolder();
    const heard = heardOnLogs();
    const writer = await openStoring(here, directory);
    let wasThere = true;
    here.fake.fault(place, fault);
    here.fake.fault(
      { on: () => true, times: Number.POSITIVE_INFINITY },
      {
        kind: 'act',
        act: () => {
          wasThere &&= readdirSync(join(directory, writer.archive)).some((name) =>
            name.startsWith('000000000000-'),
          );
        },
      },
    );
    await segment(writer);
    expect(wasThere).toBe(true);
    expect(segmentsIn(directory, writer)).toEqual(['000000000001.open']);
    expect(await linesIn(here)).toEqual(['kept']);
    const failures = heard.filter(({ event }) => event === 'not-stored');
    expect(failures.length).toBeGreaterThan(0);
    expect(failures[0]).toMatchObject({
      archive: writer.archive,
      index: 0,
      error: { name: 'SealpipeError' },
    });
    await writer.end();
  });

  it.each<[string, Fault]>([
    ['is lost', { kind: 'cut answer', after: -1 }],
    ['is 500', { kind: 'deny it was done', status: 500, code: 'InternalError' }],
    ['is 409', { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' }],
  ])('is no failure if only the answer %s', async (_what, fault) => {
    const directory = await tempFolder();
    const heard = heardOnLogs();
    const writer = await openStoring(here, directory);
    here.fake.fault('PutObject', fault);
    await segment(writer);
    await writer.end();
    expect(await linesIn(here)).toEqual(['kept']);
    expect(heard.filter(({ event }) => event === 'not-stored')).toEqual([]);
  });

  it('is tried again for as long as the store is down', async () => {
    const directory = await tempFolder();
    const heard = heardOnLogs();
    const writer = await openStoring(here, directory, { maxBytes: 2 ** 30 });
    const down = { on: () => true, times: Number.POSITIVE_INFINITY };
    here.fake.fault(down, { kind: 'cut request', after: 0 });
    const all: Promise<void>[] = [];
    for (let i = 0; i < 5; i++) {
      all.push(segment(writer, `line ${i}`));
      await writer.rotate();
    }
    await eventually(() =>
      expect(heard.filter(({ event }) => event === 'not-stored').length).toBeGreaterThan(5),
    );
    expect(segmentsIn(directory, writer)).toHaveLength(6);
    expect(writer.positions.stored.records).toBe(0);
    here.fake.clearFaults();
    await Promise.all(all);
    await writer.end();
    expect(await linesIn(here)).toEqual([0, 1, 2, 3, 4].map((i) => `line ${i}`));
    expect(objectsIn(here).size).toBe(6);
  });
});

describe('a segment that the store has already', () => {
  it('is done if it has the same chain digest', async () => {
    const directory = await tempFolder();
    const copy = await tempFolder();
    const writer = await openStoring(here, directory, { drain: 0 });
    here.fake.fault({ on: 'PutObject', times: 100 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
    writer.append('kept');
    const { notStored } = await writer.end();
    expect(notStored).toEqual([{ archive: writer.archive, index: 0, bytes: expect.any(Number) }]);
    cpSync(directory, copy, { recursive: true });
    here.fake.clearFaults();
    for (const folder of [directory, copy]) {
      const next = await openStoring(here, folder);
      const stored = (): void => expect(segmentsIn(folder, next)).toEqual(['000000000001.open']);
      await eventually(stored);
      // The second one finds its own segment 1 taken, if it writes one.
      if (folder === directory) await eventually(() => expect(objectsIn(here).size).toBe(1));
      await next.close().catch(() => undefined);
    }
  });

  it('is a fork if it has another: ours is kept beside it, and the archive stops', async () => {
    const directory = await tempFolder();
    const copy = await tempFolder();
    const first = await openStoring(here, directory);
    first.append('one');
    await first.end();
    cpSync(directory, copy, { recursive: true });
    const original = await openStoring(here, directory);
    original.append('two');
    await original.end();
    const heard = heardOnLogs();
    const restored = await openStoring(here, copy);
    const position = restored.append('two of the snapshot');
    const stored = restored.whenStored(position);
    // It may fail before the next segment has begun.
    await restored.rotate().catch(() => undefined);
    await expect(stored).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(() => restored.append('more')).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_ARCHIVE' }));
    await expect(restored.end()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    const names = [...objectsIn(here).keys()].map((key) => key.split('/').at(-1)!);
    const own = readFileSync(join(copy, restored.archive, segmentsIn(copy, restored)[0]!));
    const fork = `000000000001.fork-${own.subarray(20, 52).toString('hex')}`;
    expect(names).toEqual(['000000000000', '000000000001', fork]);
    expect(objectsIn(here).get(`logs/${restored.archive}/${fork}`)).toEqual(own);
    const told = heard.findLast(({ event }) => event === 'not-stored');
    expect(told).toMatchObject({ error: { code: 'ERR_SEALPIPE_ARCHIVE' } });
    // The next start comes to the same end, and makes no other fork.
    const again = await openStoring(here, copy);
    await expect(again.end()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(objectsIn(here).size).toBe(3);
  });

  it('is one that comes between the look and the write', async () => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory);
    const other = Buffer.from('nothing of ours');
    here.fake.fault('PutObject', {
      kind: 'act',
      act: async () => {
        const key = `logs/${writer.archive}/000000000000`;
        const details = { headers: {}, storageClass: 'STANDARD', tags: new Map(), lock: {} };
        here.fake.world.bucket(here.bucket).keys.set(key, [
          {
            versionId: 'null',
            isDeleteMarker: false,
            pieces: [other],
            size: other.length,
            etag: '"0"',
            modified: new Date(),
            partSizes: undefined,
            checksum: undefined,
            details,
          },
        ]);
      },
    });
    await expect(segment(writer)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    await writer.close().catch(() => undefined);
    const objects = objectsIn(here);
    expect(objects.get(`logs/${writer.archive}/000000000000`)).toEqual(other);
    expect([...objects.keys()].at(-1)).toContain('.fork-');
    expect(segmentsIn(directory, writer).sort()[0]).toMatch(/^000000000000-/);
  });
});
