import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileSystem } from '../../../src/file-system.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { rawKey } from '../../../src/keys/raw.js';
import { systemProcesses } from '../../../src/logs/archive/lock/process-identity.js';
import { rewrapArchive } from '../../../src/logs/upkeep/rewrap-archive.js';
import { unlockArchive } from '../../../src/logs/upkeep/unlock-archive.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { openWriter } from '../support/machine.js';

const next = rawKey({ name: 'next', key: Buffer.alloc(32, 5) });

async function write(directory: string, lines: readonly string[]): Promise<void> {
  const writer = await openWriter(directory);
  for (const line of lines) writer.append(line);
  await writer.end();
}
const third = rawKey({ name: 'third', key: Buffer.alloc(32, 6) });

describe('an archive that is re-wrapped', () => {
  it('opens with the new key, has the same chain, and goes on', async () => {
    const directory = await tempFolder();
    await write(directory, ['one']);
    await write(directory, ['two']);
    const before = await contentsOf(filesBelow(directory));
    const { segments, skipped } = await rewrapArchive({ directory, keys, to: next });
    expect(segments.map(({ name, error }) => [name, error])).toEqual(
      before.map(({ name }) => [name, undefined]),
    );
    expect(skipped).toEqual([]);
    const after = await contentsOf(filesBelow(directory), next);
    expect(after.map(({ digest }) => digest)).toEqual(before.map(({ digest }) => digest));
    expect(textOf(after)).toEqual(['one', 'two']);
    const writer = await openWriter(directory, { keys: next });
    writer.append('three');
    await writer.end();
    expect(textOf(await contentsOf(filesBelow(directory), next))).toEqual(['one', 'two', 'three']);
  });

  it('leaves the segment alone that a writer writes, and says so', async () => {
    const directory = await tempFolder();
    await write(directory, ['one']);
    const writer = await openWriter(directory);
    writer.append('two');
    await writer.flush();
    const { segments, skipped } = await rewrapArchive({ directory, keys, add: next });
    expect(segments).toHaveLength(1);
    expect(skipped).toEqual(['000000000001.open']);
    writer.append('three');
    await writer.end();
    expect(textOf(await contentsOf(filesBelow(directory)))).toEqual(['one', 'two', 'three']);
  });

  it('has what failed in its report, and the rest is done', async () => {
    const directory = await tempFolder();
    await write(directory, ['one']);
    const writer = await openWriter(directory, { keys: next });
    writer.append('two');
    await writer.end();
    const { segments } = await rewrapArchive({ directory, keys: next, to: third });
    expect(segments.map(({ error }) => error)).toEqual([
      expect.objectContaining({ code: 'ERR_SEALPIPE_KEY_MISMATCH' }),
      undefined,
    ]);
  });

  it.each(['before', 'after'])('names a segment that leaves the folder %s it was opened', async (when) => {
    const directory = await tempFolder();
    for (const line of ['one', 'two', 'three']) await write(directory, [line]);
    const [, second] = [...filesBelow(directory).keys()].filter((path) => path.endsWith('.sealed')).sort();
    const files: FileSystem = {
      ...systemFiles,
      open: async (path, wish) => {
        const isSecond = path === second && existsSync(path);
        if (isSecond && when === 'before') rmSync(path);
        const file = await systemFiles.open(path, wish);
        if (isSecond) rmSync(path);
        return file;
      },
    };
    const machine = { files, processes: systemProcesses() };
    const { segments, skipped, gone } = await rewrapArchive({ directory, keys, add: next }, machine);
    expect(segments.map(({ report, error }) => [report?.way, error])).toEqual([
      ['in place', undefined],
      ['in place', undefined],
    ]);
    expect([skipped, gone]).toEqual([[], [basename(second!)]]);
  });

  it('is refused with options that are not legal', async () => {
    const directory = await tempFolder();
    await expect(rewrapArchive({ directory, keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    await expect(
      rewrapArchive({ directory, keys, to: next, too: next } as Parameters<typeof rewrapArchive>[0]),
    ).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});

describe('the lock of an archive', () => {
  it('is broken only if nobody holds it', async () => {
    const directory = await tempFolder();
    expect(await unlockArchive(directory)).toBe(false);
    const writer = await openWriter(directory);
    await expect(unlockArchive(directory)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    await writer.end();
    expect(await unlockArchive(directory)).toBe(false);
    expect(readdirSync(join(directory)).filter((name) => name.startsWith('lock'))).toEqual(['lock']);
  });
});
