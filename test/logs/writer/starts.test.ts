import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { closeArchive } from '../../../src/logs/upkeep/close-archive.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter, written } from '../support/machine.js';
import { expectProof, readLines } from '../support/proved.js';

const ARCHIVE = { code: 'ERR_SEALPIPE_ARCHIVE' };

describe('a log writer that starts', () => {
  it('refuses to begin beside another one, in this process or with it gone', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    await expect(openWriter(directory)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_LOCKED',
      retryable: true,
    });
    await expect(closeArchive({ keys, directory })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    await writer.end();
    await (await openWriter(directory)).end();
  });

  it('goes on behind zeros and half a frame, and never touches the torn segment', async () => {
    for (const tail of [
      Buffer.alloc(5_000),
      Buffer.from('0000007f00aa', 'hex'),
      Buffer.from('ffffffff', 'hex'),
    ]) {
      const { directory, folder, segment } = await written();
      const path = join(folder, segment);
      const whole = readFileSync(path);
      const torn = Buffer.concat([whole.subarray(0, whole.length - 20), tail]);
      // Of a segment that was being written, only the last acknowledgement is durable.
      rmSync(join(folder, 'acknowledged'));
      rmSync(path);
      writeFileSync(join(folder, '000000000000.open'), torn);
      const writer = await openWriter(directory);
      writer.append('three');
      await writer.end();
      expect(readFileSync(join(folder, '000000000000.open'))).toEqual(torn);
      const segments = await contentsOf(filesBelow(directory));
      expect(textOf(segments)).toEqual(['one', 'two', 'three']);
      expect(await readLines(directory)).toEqual(['one', 'two', 'three']);
      await expectProof(directory);
      expect(segments[1]!.records[0]).toMatchObject({
        index: 0,
        whole: false,
        acknowledged: null,
        loss: false,
      });
    }
  });

  it('stops at a preamble that is damaged, and removes nothing', async () => {
    const { directory, folder, segment } = await written();
    const path = join(folder, segment);
    const damaged = readFileSync(path);
    damaged[3] = 0;
    writeFileSync(path, damaged);
    await expect(openWriter(directory, { acceptLoss: true })).rejects.toMatchObject({
      ...ARCHIVE,
      hint: expect.stringContaining('logs recover'),
    });
    expect(readFileSync(path)).toEqual(damaged);
    truncateSync(path, 50);
    await expect(openWriter(directory)).rejects.toMatchObject(ARCHIVE);
  });

  it('stops if less is there than was acknowledged, and records the loss if that is accepted', async () => {
    const losses: Record<string, (path: string) => void> = {
      'cut off': (path) => truncateSync(path, readFileSync(path).length - 30),
      altered: (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 40]! ^= 1;
        writeFileSync(path, bytes);
      },
    };
    for (const lose of Object.values(losses)) {
      const { directory, folder, segment } = await written();
      lose(join(folder, segment));
      await expect(openWriter(directory)).rejects.toMatchObject({
        ...ARCHIVE,
        hint: expect.stringContaining('--accept-loss'),
      });
      const writer = await openWriter(directory, { acceptLoss: true });
      expect(readFileSync(join(folder, 'acknowledged'), 'utf8')).toContain('"index":1,');
      await writer.end();
      const segments = await contentsOf(filesBelow(directory));
      expect(segments.map(({ index }) => index)).toEqual([0, 1]);
      expect(segments[1]!.records[0]).toMatchObject({
        kind: 'predecessor',
        index: 0,
        acknowledged: { index: 0, records: 2 },
        loss: true,
      });
      await (await openWriter(directory)).end();
    }
  });

  it('uses no index twice, even if its segment is lost', async () => {
    const { directory, folder, segment } = await written();
    rmSync(join(folder, segment));
    await expect(openWriter(directory)).rejects.toMatchObject(ARCHIVE);
    await (await openWriter(directory, { acceptLoss: true })).end();
    const segments = await contentsOf(filesBelow(directory));
    expect(segments.map(({ index }) => index)).toEqual([1]);
    expect(segments[0]!.records[0]).toMatchObject({ index: 0, offset: 0, whole: false, loss: true });
  });

  it('refuses a segment that is not what its name says, and a fork', async () => {
    const { directory, folder, segment } = await written();
    renameSync(join(folder, segment), join(folder, segment.replace(/^000000000000/, '000000000005')));
    await expect(openWriter(directory)).rejects.toMatchObject(ARCHIVE);
    cpSync(join(folder, segment.replace(/^000000000000/, '000000000005')), join(folder, '000000000005.open'));
    await expect(openWriter(directory)).rejects.toMatchObject({
      ...ARCHIVE,
      message: expect.stringContaining('two segments'),
    });
  });

  it('removes temporary files, and leaves what it does not know', async () => {
    const { directory, folder } = await written();
    writeFileSync(join(folder, '000000000001.0123456789abcdef.tmp'), 'half');
    writeFileSync(join(folder, 'acknowledged.0123456789abcdef.tmp'), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await (await openWriter(directory)).end();
    expect(readdirSync(folder).filter((name) => !/sealed$/.test(name))).toEqual([
      'acknowledged',
      'notes.txt',
    ]);
  });

  it('stops when another writer has followed it, or its file is gone', async () => {
    for (const disturb of ['follow', 'remove'] as const) {
      const directory = await tempFolder();
      const writer = await openWriter(directory);
      const folder = join(directory, writer.archive);
      writer.append('one');
      await writer.flush();
      if (disturb === 'follow') writeFileSync(join(folder, '000000000001.open'), 'theirs');
      else rmSync(join(folder, '000000000000.open'));
      writer.append('two');
      await expect(writer.flush()).rejects.toMatchObject(ARCHIVE);
      expect(writer.positions.durable.records).toBe(1);
      expect(() => writer.append('three')).toThrow(expect.objectContaining(ARCHIVE));
      await expect(writer.end()).rejects.toMatchObject(ARCHIVE);
      if (disturb === 'follow')
        expect(readFileSync(join(folder, '000000000001.open'), 'utf8')).toBe('theirs');
    }
  });

  it.each(['flush', 'segment', 'never'] as const)(
    'stops within a second when another writer has followed it and is through, with fsync: %s',
    async (fsync) => {
      const directory = await tempFolder();
      const writer = await openWriter(directory, { fsync });
      const folder = join(directory, writer.archive);
      writer.append('one');
      await writer.flush();
      writeFileSync(join(folder, '000000000001-0-0.sealed'), 'theirs');
      const now = performance.now.bind(performance);
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 1_000);
      try {
        writer.append('two');
        await expect(writer.flush()).rejects.toMatchObject(ARCHIVE);
      } finally {
        clock.mockRestore();
      }
      expect(writer.positions.durable.records).toBe(fsync === 'flush' ? 1 : 0);
      await expect(writer.end()).rejects.toMatchObject(ARCHIVE);
      expect(readdirSync(folder)).not.toContain('000000000001.open');
    },
  );

  it('begins no segment beside one of the same index that another writer has sealed', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    const writer = await openWriter(directory, {}, files);
    const folder = join(directory, writer.archive);
    let failed = false;
    files.fault = ({ call, path }) => {
      if (failed || call !== 'datasync' || !path.endsWith('.open')) return undefined;
      failed = true;
      writeFileSync(join(folder, '000000000001-0-0.sealed'), 'theirs');
      return 'EIO';
    };
    writer.append('one');
    await expect(writer.flush()).rejects.toMatchObject(ARCHIVE);
    expect(failed).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('000000000001'))).toEqual([
      '000000000001-0-0.sealed',
    ]);
    await expect(writer.end()).rejects.toMatchObject(ARCHIVE);
  });

  it('stops at its end when another writer has followed it and is through', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    writeFileSync(join(directory, writer.archive, '000000000001-0-0.sealed'), 'theirs');
    writer.append('one');
    await expect(writer.end()).rejects.toMatchObject(ARCHIVE);
    expect(readdirSync(join(directory, writer.archive))).toContain('000000000000.open');
  });

  it('goes on with a restored copy: the same index, another salt, which is a fork of the original', async () => {
    const { directory } = await written();
    const copy = await tempFolder();
    cpSync(directory, copy, { recursive: true });
    for (const one of [directory, copy]) {
      const writer = await openWriter(one);
      writer.append('three');
      await writer.end();
    }
    const [original, restored] = await Promise.all(
      [directory, copy].map(async (one) => (await contentsOf(filesBelow(one)))[1]!),
    );
    expect(original!.index).toBe(restored!.index);
    expect(original!.header.salt).not.toEqual(restored!.header.salt);
    expect(original!.digest).not.toEqual(restored!.digest);
  });

  it('leaves nothing behind in a folder that it cannot write to', async (context) => {
    onlyWhere(context, process.geteuid?.() !== 0, 'root may write anywhere');
    const directory = await tempFolder();
    chmodSync(directory, 0o500);
    await expect(openWriter(directory)).rejects.toMatchObject({ code: 'EACCES' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('fails with the error of the file system, and goes on once it can be written to', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    files.fault = ({ call }) => (call === 'makeFolder' ? 'EROFS' : undefined);
    await expect(openWriter(directory, {}, files)).rejects.toMatchObject({ code: 'EROFS' });
    files.fault = ({ call }) => (call === 'syncFolder' ? 'EIO' : undefined);
    await expect(openWriter(directory, {}, files)).rejects.toMatchObject({
      code: 'EIO',
      syscall: 'syncFolder',
    });
    files.fault = () => undefined;
    await (await openWriter(directory, {}, files)).end();
  });
});
