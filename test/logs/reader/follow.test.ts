import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReaderTimes } from '../../../src/logs/reader/log-reader.js';
import { openReaderAt } from '../../../src/logs/reader/log-reader.js';
import type { LogReaderOptions } from '../../../src/logs/reader/log-reader-options.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment, placeArchive, torn } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';

const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first });

/** A reader that follows, and the lines that it has given so far. */
async function following(
  directory: string,
  options: Partial<LogReaderOptions> = {},
  times: ReaderTimes = {},
) {
  const reader = await openReaderAt({ directory, keys, follow: true, ...options }, times);
  onTestFinished(() => reader.close());
  const lines: string[] = [];
  const over = (async () => {
    for await (const { line } of reader) lines.push(line.toString());
  })();
  over.catch(() => undefined);
  const until = async (...wanted: string[]): Promise<void> => {
    await expect.poll(() => lines, { interval: 10 }).toEqual(wanted);
  };
  return { reader, lines, over, until };
}

describe('a reader that follows', () => {
  it('goes on with the open segment, frame by frame and byte by byte, and over rotations', async () => {
    const directory = await tempFolder();
    const [first, second] = forgeArchive([
      { units: [unit(1, 'a'), unit(2, 'b'), unit(3, 'c')] },
      { units: [unit(4, 'd')] },
    ]) as [ReturnType<typeof forgeSegment>, ReturnType<typeof forgeSegment>];
    const at = (i: number) => first.preambleSize + first.offsets[i]!;
    const folder = await placeArchive(directory, [
      { name: '000000000000.open', stream: first.stream.subarray(0, at(1)) },
    ]);
    const path = join(folder, '000000000000.open');
    const { until, reader, over } = await following(directory);
    await until('a');
    await appendFile(path, first.stream.subarray(at(1), at(1) + 9));
    await appendFile(path, first.stream.subarray(at(1) + 9, at(2) + 1));
    await until('a', 'b');
    await appendFile(path, first.stream.subarray(at(2) + 1));
    await until('a', 'b', 'c');
    await rename(path, join(folder, first.name));
    await writeFile(join(folder, second.name), second.stream);
    await until('a', 'b', 'c', 'd');
    expect(reader.report.archives[0]).toMatchObject({ read: 2, lines: 4, tail: null });
    await reader.close();
    await over;
  });

  it('goes over a crash, if the next segment vouches for the torn one', async () => {
    const directory = await tempFolder();
    const whole = forgeSegment({ index: 0, units: [unit(1, 'a'), unit(2, 'b')] });
    const cut = torn(whole, (stream) => stream.subarray(0, whole.preambleSize + whole.offsets[1]! + 11));
    const folder = await placeArchive(directory, [cut]);
    const { until, reader } = await following(directory);
    await until('a');
    const next = forgeSegment({ index: 1, previous: cut.digest, units: [unit(3, 'c')] });
    await writeFile(join(folder, next.name), next.stream);
    await until('a', 'c');
    expect(reader.report.archives[0]!.torn).toMatchObject([{ segment: 0, unread: 11 }]);
  });

  it('says of segments that went to S3 before it read them that they are there', async () => {
    const directory = await tempFolder();
    const segments = forgeArchive([1, 2, 3].map((first) => ({ units: [unit(first, `${first}`)] })));
    const folder = await placeArchive(directory, segments.slice(0, 1));
    const { until, over } = await following(directory);
    await until('1');
    await writeFile(join(folder, 'stored'), '{"index":1}');
    await placeArchive(directory, segments.slice(2));
    await expect(over).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_ARCHIVE',
      message: expect.stringContaining('segment 1 is not in this folder, but in S3'),
    });
  });

  it('refuses a segment that was written after another one', async () => {
    const directory = await tempFolder();
    const segment = forgeSegment({ index: 0, units: [unit(1, 'a')] });
    const folder = await placeArchive(directory, [segment]);
    const { until, over, lines } = await following(directory);
    await until('a');
    const strange = forgeSegment({ index: 1, previous: '1'.repeat(64), units: [unit(2, 'x')] });
    await writeFile(join(folder, strange.name), strange.stream);
    await expect(over).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(lines).toEqual(['a']);
  });

  it('follows the other archives if one fails and the caller wants to know that, until none is left', async () => {
    const directory = await tempFolder();
    const labels = ['one', 'two'];
    const folders = new Map<string, string>();
    for (const [i, archive] of labels.entries()) {
      const segment = forgeSegment({ index: 0, archive, units: [unit(i, archive)] });
      folders.set(archive, await placeArchive(directory, [segment], archive));
    }
    const failed: string[] = [];
    const { until, over } = await following(directory, {}, { onArchiveFailure: (id) => failed.push(id) });
    await until('one', 'two');
    const fail = async (archive: string) => {
      const strange = forgeSegment({ index: 1, archive, previous: '1'.repeat(64), units: [unit(5, 'x')] });
      await writeFile(join(folders.get(archive)!, strange.name), strange.stream);
    };
    await fail('one');
    await expect.poll(() => failed).toEqual([archiveId('one').toString('hex')]);
    const later = forgeSegment({ index: 0, archive: 'later', units: [unit(9, 'L')] });
    folders.set('later', await placeArchive(directory, [later], 'later'));
    await until('one', 'two', 'L');
    await Promise.all([fail('two'), fail('later')]);
    await over;
    expect(failed.sort()).toEqual(
      [...labels, 'later'].map((label) => archiveId(label).toString('hex')).sort(),
    );
  });

  it('fails with the only archive, although the caller wants to know which one fails', async () => {
    const directory = await tempFolder();
    const folder = await placeArchive(directory, [forgeSegment({ index: 0, units: [unit(1, 'a')] })]);
    const failed: string[] = [];
    const { until, over } = await following(directory, {}, { onArchiveFailure: (id) => failed.push(id) });
    await until('a');
    const strange = forgeSegment({ index: 1, previous: '1'.repeat(64), units: [unit(2, 'x')] });
    await writeFile(join(folder, strange.name), strange.stream);
    await expect(over).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(failed).toEqual([]);
  });

  it('fails if what is added does not verify', async () => {
    const directory = await tempFolder();
    const segment = forgeSegment({ index: 0, units: [unit(1, 'a')], indexed: false, final: false });
    const folder = await placeArchive(directory, [segment]);
    const { until, over } = await following(directory);
    await until('a');
    await appendFile(join(folder, segment.name), Buffer.alloc(100, 1));
    await expect(over).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });

  it('begins with the last lines, and finds archives that begin later', async () => {
    const directory = await tempFolder();
    const units = [unit(1, 'a', 'b'), unit(2, 'c', 'd')];
    const open = forgeSegment({ index: 0, units, indexed: false, final: false });
    await placeArchive(directory, [open]);
    const { until } = await following(directory, { last: 3 });
    await until('b', 'c', 'd');
    await placeArchive(
      directory,
      [forgeSegment({ index: 0, archive: 'later', units: [unit(9, 'L')] })],
      'later',
    );
    await until('b', 'c', 'd', 'L');
  });

  it('waits for a segment behind one that ended before `since`', async () => {
    const directory = await tempFolder();
    const [old, next] = forgeArchive([{ units: [unit(1, 'a')] }, { units: [unit(2_000, 'b')] }]);
    const folder = await placeArchive(directory, [old!]);
    const { until } = await following(directory, { since: 1_000 });
    await until();
    await writeFile(join(folder, next!.name), next!.stream);
    await until('b');
  });

  it('is over for an archive that is closed, and ends with the signal', async () => {
    const directory = await tempFolder();
    const segment = forgeSegment({ index: 0, units: [unit(1, 'a')] });
    const closing = forgeSegment({ index: 1, previous: segment.digest, closed: true });
    await placeArchive(directory, [segment, closing]);
    const stopping = new AbortController();
    const { until, over, reader } = await following(directory, {
      signal: stopping.signal,
      archive: archiveId().toString('hex'),
    });
    await until('a');
    await expect.poll(() => reader.report.archives[0]!.closed).toBe(true);
    stopping.abort(new Error('enough'));
    await expect(over).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  });
});
