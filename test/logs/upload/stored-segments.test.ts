import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { rawKey } from '../../../src/keys/raw.js';
import { rewrapArchive } from '../../../src/logs/upkeep/rewrap-archive.js';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';
import { heardOnLogs, linesIn, objectsIn, openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();
const DAY = 86_400_000;
const MIB = 2 ** 20;

describe('a segment in a store', () => {
  it.each([
    ['at once', 1, 'PutObject'],
    ['in parts', 9, 'CreateMultipartUpload'],
  ])('is locked if that is wanted, also when it goes up %s', async (_what, lines, operation) => {
    here.fake.world.createBucket('locked', 'eu-west-1', { objectLock: true });
    const directory = await tempFolder();
    const writer = await openStoring(here, directory, {
      store: 's3://locked',
      objectLock: { mode: 'COMPLIANCE', days: 30 },
      compress: false,
    });
    for (let i = 0; i < lines; i++) {
      writer.append(Buffer.alloc(MIB, 'x'));
      await writer.flush();
    }
    expect((await writer.end()).notStored).toEqual([]);
    const [{ headers, key }] = here.fake.seen.of(operation) as [(typeof here.fake.seen.requests)[0]];
    expect(key).toBe(`${writer.archive}/000000000000`);
    expect(headers['x-amz-object-lock-mode']).toBe('COMPLIANCE');
    const until = Date.parse(headers['x-amz-object-lock-retain-until-date']!);
    expect(Math.abs(until - Date.now() - 30 * DAY)).toBeLessThan(DAY);
  });

  it('that was re-wrapped in the folder since it went up is the same, and its file stays', async () => {
    const directory = await tempFolder();
    const copy = await tempFolder();
    const first = await openWriter(directory);
    first.append('one');
    await first.end();
    cpSync(directory, copy, { recursive: true });
    await (await openStoring(here, copy)).end();
    const { segments } = await rewrapArchive({
      directory,
      keys,
      add: rawKey({ name: 'other', key: Buffer.alloc(32, 9) }),
    });
    expect(segments.map(({ error }) => error)).toEqual([undefined]);
    const heard = heardOnLogs();
    const writer = await openStoring(here, directory, { drain: 0 });
    await eventually(() => expect(heard.some(({ event }) => event === 'stored')).toBe(true));
    expect(segmentsIn(directory, writer).sort()[0]).toMatch(/^000000000000-.*\.sealed$/);
    expect(existsSync(join(directory, writer.archive, 'stored'))).toBe(true);
    await writer.end().catch(() => undefined);
  });

  it('leaves its file if what must be kept for that cannot be', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    const heard = heardOnLogs();
    let refused = 0;
    files.fault = ({ call, path }) => {
      if (call !== 'open' || !/stored\.[0-9a-f]+\.tmp$/.test(path) || refused >= 3) return undefined;
      refused += 1;
      return 'EIO';
    };
    const writer = await openStoring(here, directory, {}, { files });
    writer.append('one');
    await writer.rotate();
    await eventually(() => expect(heard.some(({ event }) => event === 'stored')).toBe(true));
    expect(heard.filter(({ event }) => event === 'not-stored')).toHaveLength(3);
    expect(refused).toBe(3);
    expect(segmentsIn(directory, writer)).toEqual(['000000000001.open']);
    await writer.end();
  });

  it('makes room on a full disk, if a later one is there to go on with', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    files.fault = ({ call, path }) =>
      call === 'open' && /stored\.[0-9a-f]+\.tmp$/.test(path) ? 'ENOSPC' : undefined;
    const writer = await openStoring(here, directory, { drain: 200 }, { files });
    for (const line of ['one', 'two']) {
      await writer.whenDurable(writer.append(line));
      await writer.rotate();
    }
    await writer.whenDurable(writer.append('three'));
    await eventually(() => expect(segmentsIn(directory, writer)).toEqual(['000000000002.open']));
    const { notStored } = await writer.end();
    // Nothing comes after the last one: its file stays until that can be kept.
    expect(notStored!.map(({ index }) => index)).toEqual([2]);
    const next = await openStoring(here, directory);
    next.append('four');
    await next.end();
    expect(await linesIn(here)).toEqual(['one', 'two', 'three', 'four']);
  });
});

describe('many log writers', () => {
  it('store under one prefix, each its own archive', async () => {
    const writers = await Promise.all(
      Array.from({ length: 50 }, async () => openStoring(here, await tempFolder(), { drain: 60_000 })),
    );
    await Promise.all(
      writers.map(async (writer, i) => {
        writer.append(`${i} 0`);
        await writer.rotate();
        writer.append(`${i} 1`);
        expect((await writer.end()).notStored).toEqual([]);
      }),
    );
    expect(new Set(writers.map(({ archive }) => archive)).size).toBe(50);
    const lines = await linesIn(here);
    expect(lines).toHaveLength(100);
    for (let i = 0; i < 50; i++) {
      expect(lines.filter((line) => line.startsWith(`${i} `))).toEqual([0, 1].map((line) => `${i} ${line}`));
    }
    expect(objectsIn(here).size).toBe(100);
  });
});

describe('the folder of a log writer with a store', () => {
  it('keeps no more than where the archive stands', async () => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory);
    writer.append('one');
    await writer.end();
    expect(readdirSync(join(directory, writer.archive)).sort()).toEqual(['acknowledged', 'stored']);
  });
});
