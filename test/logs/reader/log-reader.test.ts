import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../../src/keys/raw.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment, placeArchive, torn } from '../support/forged-archive.js';
import { keys, readLog } from '../support/reading.js';

const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const three = (): ForgedSegment[] =>
  forgeArchive([
    { units: [unit(1_000, 'a', 'b'), unit(1_010, 'c')] },
    {
      units: [unit(2_000, 'd'), { control: { kind: 'heartbeat', records: 1 }, time: 2_050 }],
      compression: { coding: 'gzip', level: 1 },
    },
    { units: [unit(3_000, 'e'), unit(3_010, 'f')] },
  ]);
const ALL = ['a', 'b', 'c', 'd', 'e', 'f'];
const ARCHIVE = 'ERR_SEALPIPE_ARCHIVE';

async function placed(
  segments: readonly Pick<ForgedSegment, 'name' | 'stream'>[],
  archive?: string,
): Promise<string> {
  const directory = await tempFolder();
  await placeArchive(directory, segments, archive);
  return directory;
}

describe('a log reader', () => {
  it('gives every line of an archive in order, with its position and time', async () => {
    const directory = await placed(three());
    const reader = await openLogReader({ directory, keys });
    const batches = [];
    for await (const batch of reader.batches()) batches.push(batch);
    const archive = archiveId().toString('hex');
    expect(batches.map(({ lines, ...rest }) => ({ ...rest, lines: lines.map(String) }))).toEqual([
      { archive, segment: 0, offset: 0, record: 0, first: 1_000, last: 1_009, lines: ['a', 'b'] },
      { archive, segment: 0, offset: expect.any(Number), record: 2, first: 1_010, last: 1_019, lines: ['c'] },
      { archive, segment: 1, offset: 0, record: 0, first: 2_000, last: 2_009, lines: ['d'] },
      { archive, segment: 2, offset: 0, record: 0, first: 3_000, last: 3_009, lines: ['e'] },
      { archive, segment: 2, offset: expect.any(Number), record: 1, first: 3_010, last: 3_019, lines: ['f'] },
    ]);
    expect(reader.report.archives).toEqual([
      {
        archive,
        way: 'all',
        widened: 0,
        opened: 3,
        read: 3,
        lines: 6,
        bytes: 6,
        dropped: 0,
        losses: [],
        torn: [],
        tail: null,
        closed: false,
        keys: [{ provider: 'raw', key: 'vectors', segments: 3 }],
      },
    ]);
  });

  it('stops at the end of what is there of the last segment, and says where', async () => {
    const segments = three();
    const { offsets, preambleSize } = segments[2]!;
    const cut = preambleSize + offsets[1]! + 7;
    segments[2] = torn(segments[2]!, (stream) => stream.subarray(0, cut));
    const { lines, code, report } = await readLog(await placed(segments));
    expect([lines, code]).toEqual([ALL.slice(0, 5), undefined]);
    expect(report.archives[0]!.tail).toEqual({
      segment: 2,
      offset: offsets[1],
      unread: 7,
      damaged: false,
      unfinished: 0,
    });
  });

  it.each([
    [
      'zeros',
      (stream: Buffer, at: number) => Buffer.concat([stream.subarray(0, at), Buffer.alloc(5_000)]),
      5_000,
    ],
    [
      'other bytes',
      (stream: Buffer, at: number) => Buffer.concat([stream.subarray(0, at + 9), Buffer.alloc(60, 7)]),
      69,
    ],
    [
      'a bit',
      (stream: Buffer, at: number) => Buffer.from(stream).fill(stream[at + 5]! ^ 1, at + 5, at + 6),
      undefined,
    ],
  ])('says that the last segment ends with bytes that do not verify: %s', async (_, change, unread) => {
    const segments = three();
    const { offsets, preambleSize, stream } = segments[2]!;
    segments[2] = torn(segments[2]!, () => change(stream, preambleSize + offsets[1]!));
    const { lines, code, report } = await readLog(await placed(segments));
    expect([lines, code]).toEqual([ALL.slice(0, 5), undefined]);
    const { length } = segments[2].stream;
    const left = length - preambleSize - offsets[1]!;
    expect(report.archives[0]!.tail).toMatchObject({
      segment: 2,
      offset: offsets[1],
      unread: unread ?? left,
      damaged: true,
    });
  });

  it('reads a torn segment as far as it verifies, if its successor vouches for all of it', async () => {
    const [first] = three() as [ForgedSegment];
    const cut = torn(first, (stream) =>
      Buffer.concat([stream.subarray(0, first.preambleSize + first.offsets[1]! + 3), Buffer.alloc(40)]),
    );
    const next = forgeSegment({ index: 1, previous: cut.digest, units: [unit(2_000, 'd')] });
    const { lines, code, report } = await readLog(await placed([cut, next]));
    expect([lines, code]).toEqual([['a', 'b', 'd'], undefined]);
    expect(report.archives[0]!.torn).toEqual([
      { segment: 0, offset: first.offsets[1], unread: 43, damaged: true, unfinished: 0 },
    ]);
    const other = torn(cut, (stream) => stream.subarray(0, -1));
    const refused = await readLog(await placed([other, next]));
    expect([refused.lines, refused.code]).toEqual([[], ARCHIVE]);
  });

  it('gives nothing of a segment that its successor does not vouch for', async () => {
    const segments = three();
    const strange = forgeSegment({
      index: 1,
      previous: segments[0]!.digest,
      label: 'another',
      units: [unit(2_000, 'x')],
    });
    const { lines, code, message } = await readLog(await placed([segments[0]!, strange, segments[2]!]));
    expect([lines, code]).toEqual([['a', 'b', 'c'], ARCHIVE]);
    expect(message).toContain(strange.name);
  });

  it('needs the key of every segment', async () => {
    const directory = await placed(three());
    const { lines, code } = await readLog(directory, {
      keys: rawKey({ name: 'another', key: Buffer.alloc(32, 1) }),
    });
    expect([lines, code]).toEqual([[], 'ERR_SEALPIPE_KEY_MISMATCH']);
  });

  it('does not give a line whose end is missing', async () => {
    const piece = Buffer.concat([
      Buffer.from('0080000000000000000000000000000000000000000000000003', 'hex'),
      Buffer.from('xyz'),
    ]);
    const open = forgeSegment({
      index: 0,
      units: [unit(1, 'a'), { raw: piece }],
      indexed: false,
      final: false,
    });
    const { lines, report } = await readLog(await placed([open]));
    expect(lines).toEqual(['a']);
    expect(report.archives[0]!.tail).toMatchObject({ unfinished: 3, damaged: false, unread: 0 });
  });

  it('finds a segment that was renamed since it was listed', async () => {
    const segments = three();
    const open = { ...segments[2]!, name: '000000000002.open' };
    const directory = await placed([segments[0]!, segments[1]!, open]);
    const reader = await openLogReader({ directory, keys });
    const lines: string[] = [];
    for await (const { line } of reader) {
      lines.push(line.toString());
      const folder = join(directory, archiveId().toString('hex'));
      if (line.toString() === 'a') await rename(join(folder, open.name), join(folder, segments[2]!.name));
    }
    expect(lines).toEqual(ALL);
  });

  it('ends with an abort, and when it is closed', async () => {
    const directory = await placed(three());
    const stopping = new AbortController();
    const reader = await openLogReader({ directory, keys, signal: stopping.signal });
    const reading = (async () => {
      for await (const _ of reader) stopping.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    const closed = await openLogReader({ directory, keys });
    const lines: string[] = [];
    for await (const { line } of closed) {
      lines.push(line.toString());
      await closed.close();
    }
    expect(lines.length).toBeLessThan(6);
    await expect(openLogReader({ directory, keys, signal: stopping.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
