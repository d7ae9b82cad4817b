import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FileSystem, OpenFile } from '../../../src/file-system.js';
import { openName, sealedName } from '../../../src/logs/archive/segment-name.js';
import { SegmentFile } from '../../../src/logs/segments/segment-file.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';

const folder = '/logs/archive';
const preamble = Buffer.from('preamble');
const ARCHIVE = { code: 'ERR_SEALPIPE_ARCHIVE' };

async function created(files: FileSystem = new RecordedFiles(new Map())): Promise<SegmentFile> {
  return SegmentFile.create({ files, folder }, 1, preamble);
}

/** Puts another file in the place of the segment. */
async function replace(files: RecordedFiles, { path }: SegmentFile): Promise<void> {
  const file = await files.open(`${path}.copy`, { access: 'read-write', create: 0o600 });
  await file.write(preamble, 0);
  await files.rename(`${path}.copy`, path);
}

/** Later, so that all names are looked at with the next write. */
function later(): void {
  const now = performance.now() + 10_000;
  vi.spyOn(performance, 'now').mockReturnValue(now);
  onTestFinished(() => void vi.restoreAllMocks());
}

describe('the file of a segment', () => {
  it('has its name once its preamble is durable, and the name is durable before anything follows', async () => {
    const files = new RecordedFiles(new Map());
    await created(files);
    expect(files.operations.map(({ kind }) => kind)).toEqual([
      'create',
      'write',
      'sync',
      'link',
      'unlink',
      'syncFolder',
    ]);
  });

  it('gets its final name durably', async () => {
    const files = new RecordedFiles(new Map());
    const file = await created(files);
    const before = files.operations.length;
    const name = await file.seal({ first: 1, last: 2 });
    expect(name).toBe(sealedName(1, { first: 1, last: 2 }));
    expect(files.operations.slice(before).map(({ kind }) => kind)).toEqual(['rename', 'syncFolder']);
  });

  it.each([
    ['its name leads to another file', replace],
    ['it has no name any more', (files: RecordedFiles, { path }: SegmentFile) => files.unlink(path)],
  ])('is not relied on if %s', async (_, change) => {
    const files = new RecordedFiles(new Map());
    const file = await created(files);
    file.hold(Buffer.from('frame'));
    await file.write();
    await file.sync();
    await change(files, file);
    await expect(file.sync()).rejects.toMatchObject(ARCHIVE);
    file.hold(Buffer.from('frame'));
    await file.write();
    later();
    file.hold(Buffer.from('frame'));
    await expect(file.write()).rejects.toMatchObject(ARCHIVE);
  });

  it.each([
    ['open', openName(2)],
    ['ended', sealedName(2, { first: 1, last: 2 })],
  ])('is not relied on if it has a successor that is %s', async (kind, name) => {
    const files = new RecordedFiles(new Map());
    const file = await created(files);
    await files.open(`${folder}/${name}`, { access: 'read-write', create: 0o600 });
    if (kind === 'open') await expect(file.sync()).rejects.toMatchObject(ARCHIVE);
    await expect(file.seal({ first: 1, last: 2 })).rejects.toMatchObject(ARCHIVE);
    later();
    file.hold(Buffer.from('frame'));
    await expect(file.write()).rejects.toMatchObject(ARCHIVE);
  });

  it('is written on from where a short write stopped, and fails if nothing is taken', async () => {
    const files = new RecordedFiles(new Map());
    const takes = [3, 0, 9];
    const slow: FileSystem = Object.assign(Object.create(files) as FileSystem, {
      open: async (...given: Parameters<FileSystem['open']>): Promise<OpenFile> => {
        const file = await files.open(...given);
        const write: OpenFile['write'] = (bytes, position) =>
          Buffer.from(bytes).equals(preamble)
            ? file.write(bytes, position)
            : file.write(bytes.subarray(0, takes.shift() ?? bytes.length), position);
        return { ...file, write };
      },
      link: (from: string, to: string) => files.link(from, to),
      unlink: (path: string) => files.unlink(path),
      names: (path: string) => files.names(path),
      facts: (path: string) => files.facts(path),
      syncFolder: (path: string) => files.syncFolder(path),
    });
    const file = await created(slow);
    file.hold(Buffer.from('one frame'));
    await expect(file.write()).rejects.toMatchObject({ code: 'EIO' });
    expect([file.isHeld, file.size]).toEqual([true, preamble.length + 3]);
    await file.write();
    expect([file.isHeld, file.size]).toEqual([false, preamble.length + 9]);
    expect(String(files.state.get(file.path))).toBe('preambleone frame');
  });
});
