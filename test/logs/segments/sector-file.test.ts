import { describe, expect, it } from 'vitest';
import type { FileSystem, OpenFile } from '../../../src/file-system.js';
import { readSector, SectorFile } from '../../../src/logs/segments/sector-file.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';

const folder = '/logs/archive';
const PATH = `${folder}/stored`;

function filesHere(): RecordedFiles {
  return new RecordedFiles(new Map());
}

describe('a file of one sector', () => {
  it('is whole and durable before it has its name, and its name is durable when the call resolves', async () => {
    const files = filesHere();
    const file = new SectorFile(files, folder, 'stored');
    await file.keep({ index: 1 });
    expect(files.operations.map(({ kind }) => kind)).toEqual([
      'create',
      'write',
      'sync',
      'rename',
      'syncFolder',
    ]);
    expect(files.state.get(PATH)).toHaveLength(512);
    expect(JSON.parse(String(await readSector(files, folder, 'stored')))).toEqual({ index: 1 });
  });

  it('is written in place from then on, and durable when the call resolves', async () => {
    const files = filesHere();
    const file = new SectorFile(files, folder, 'stored');
    await file.keep({ index: 1_000_000 });
    const before = files.operations.length;
    await file.keep({ index: 2 });
    expect(files.operations.slice(before).map(({ kind }) => kind)).toEqual(['write', 'sync']);
    expect(JSON.parse(String(await readSector(files, folder, 'stored')))).toEqual({ index: 2 });
    await file.close();
  });

  it('is created again after a failure, and the first one is closed', async () => {
    const files = filesHere();
    let [fails, closed] = [false, 0];
    const failing: FileSystem = Object.assign(Object.create(files) as FileSystem, {
      open: async (...given: Parameters<FileSystem['open']>): Promise<OpenFile> => {
        const file = await files.open(...given);
        return {
          ...file,
          sync: () => (fails ? Promise.reject(new Error('EIO')) : file.sync()),
          datasync: () => (fails ? Promise.reject(new Error('EIO')) : file.datasync()),
          close: async () => {
            closed += 1;
            await file.close();
          },
        };
      },
      rename: (from: string, to: string) => files.rename(from, to),
      unlink: (path: string) => files.unlink(path),
      syncFolder: (path: string) => files.syncFolder(path),
    });
    const file = new SectorFile(failing, folder, 'stored');
    await file.keep({ index: 1 });
    fails = true;
    await expect(file.keep({ index: 2 })).rejects.toThrow('EIO');
    expect(closed).toBe(1);
    await expect(file.keep({ index: 3 })).rejects.toThrow('EIO');
    expect(closed).toBe(2);
    expect(await files.names(folder)).toEqual(['stored']);
    fails = false;
    const before = files.operations.length;
    await file.keep({ index: 4 });
    expect(files.operations.slice(before).map(({ kind }) => kind)).toEqual([
      'create',
      'write',
      'sync',
      'rename',
      'syncFolder',
    ]);
    expect(JSON.parse(String(await readSector(files, folder, 'stored')))).toEqual({ index: 4 });
  });
});
