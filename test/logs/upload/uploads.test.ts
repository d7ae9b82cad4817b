import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { heardOnLogs, linesIn, objectsIn, openStoring, segmentsIn, sha256 } from '../support/stored.js';

const here = fakeForTests();
const MIB = 2 ** 20;

describe('a log writer with a store', () => {
  it('stores each segment as it is, and removes its file', async () => {
    const directory = await tempFolder();
    const heard = heardOnLogs();
    const writer = await openStoring(here, directory);
    const { archive } = writer;
    const first = writer.append('one');
    await writer.flush();
    const open = segmentsIn(directory, writer);
    await writer.rotate();
    await writer.whenStored(first);
    expect(writer.positions.stored).toEqual(first);
    expect(open).toEqual(['000000000000.open']);
    expect(segmentsIn(directory, writer)).toEqual(['000000000001.open']);
    writer.append('two');
    const { notStored, positions } = await writer.end();
    expect(notStored).toEqual([]);
    expect(positions.stored).toEqual(positions.durable);
    expect(segmentsIn(directory, writer)).toEqual([]);
    expect([...objectsIn(here).keys()]).toEqual([
      `logs/${archive}/000000000000`,
      `logs/${archive}/000000000001`,
    ]);
    expect(await linesIn(here)).toEqual(['one', 'two']);
    const stored = heard.filter(({ event }) => event === 'stored');
    const sizes = [...objectsIn(here).values()].map(({ length }) => length);
    expect(stored).toEqual(sizes.map((bytes, index) => ({ event: 'stored', archive, index, bytes })));
  });

  it('stores exactly the bytes of the file, in parts if it is long', async () => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory, { compress: false, rotate: { bytes: 1_000 * MIB } });
    let file = '';
    let digest = '';
    for (let i = 0; i < 18; i++) {
      writer.append(Buffer.alloc(MIB, `line ${i} `));
      await writer.flush();
    }
    file = join(directory, writer.archive, segmentsIn(directory, writer)[0]!);
    const open = readFileSync(file);
    await writer.end();
    const [object] = objectsIn(here).values();
    digest = sha256(object!.subarray(0, open.length));
    expect(digest).toBe(sha256(open));
    expect(here.fake.seen.of('UploadPart').length).toBe(3);
    expect((await linesIn(here)).length).toBe(18);
  });

  it('goes on with an archive of which no file is left', async () => {
    const directory = await tempFolder();
    for (const line of ['one', 'two', 'three']) {
      const writer = await openStoring(here, directory);
      writer.append(line);
      await writer.end();
      expect(segmentsIn(directory, writer)).toEqual([]);
    }
    expect(await linesIn(here)).toEqual(['one', 'two', 'three']);
    expect(objectsIn(here).size).toBe(3);
  });
});
