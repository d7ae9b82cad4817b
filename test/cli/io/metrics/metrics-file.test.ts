import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MetricsFile } from '../../../../src/cli/io/metrics/metrics-file.js';
import { eventually } from '../../../support/eventually.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** A file of metrics in a folder that may not exist, and what was said of it. */
async function kept(name = 'm.prom', text = () => 'one 1\n') {
  const folder = await tempFolder();
  const path = join(folder, name);
  const failures: unknown[] = [];
  const begin = () => {
    const file = new MetricsFile(path, { text, failed: (error) => void failures.push(error) });
    onTestFinished(() => file.close());
    return file;
  };
  return { folder, path, failures, begin };
}

describe('a file of metrics', () => {
  it('exists at once, is readable by everyone, and leaves nothing beside it', async () => {
    const { folder, path, failures, begin } = await kept();
    await writeFile(path, 'before', { mode: 0o600 });
    await writeFile(join(folder, '.m.prom.0123456789abcdef.tmp'), 'left by a kill');
    await writeFile(join(folder, '.m.prom.mine.tmp'), 'of somebody else');
    await begin().close();
    expect(await readFile(path, 'utf8')).toBe('one 1\n');
    expect((await stat(path)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o644);
    expect((await readdir(folder)).sort()).toEqual(['.m.prom.mine.tmp', 'm.prom']);
    expect(failures).toEqual([]);
  });

  it('is never seen in part', async () => {
    let version = 0;
    const text = () => `${String(version++).padStart(100_000)}\n`;
    const { path, begin } = await kept('m.prom', text);
    await begin().close();
    const sizes = new Set<number>();
    let isOver = false;
    const rounds = (async () => {
      for (let i = 0; i < 30; i++) await begin().close();
      isOver = true;
    })();
    while (!isOver) {
      sizes.add((await readFile(path)).length);
      await turn();
    }
    await rounds;
    expect([...sizes]).toEqual([100_001]);
  });

  it('is kept up to date, and has the last word at the end', async () => {
    let word = 'first';
    const { path, begin } = await kept('m.prom', () => word);
    const file = begin();
    await eventually(async () => expect(await readFile(path, 'utf8')).toBe('first'));
    word = 'second';
    await eventually(async () => expect(await readFile(path, 'utf8')).toBe('second'));
    word = 'last';
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('last');
  });

  it('is not written while there are no metrics', async () => {
    const { folder, begin } = await kept('m.prom', () => '');
    await begin().close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be written is reported once each time, and tried again', async () => {
    let version = 0;
    const { folder, path, failures, begin } = await kept('absent/m.prom', () => `${version++}`);
    const file = begin();
    await eventually(() => expect(version).toBeGreaterThan(2));
    expect(failures).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
    await mkdir(join(folder, 'absent'));
    await eventually(() => readFile(path));
    await rm(join(folder, 'absent'), { recursive: true });
    await eventually(() => expect(failures).toHaveLength(2));
    await file.close();
    expect(failures).toHaveLength(2);
  });

  it('takes no name from something that cannot be replaced', async () => {
    const { folder, path, failures, begin } = await kept();
    await mkdir(join(path, 'full'), { recursive: true });
    await begin().close();
    expect(failures).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['m.prom']);
  });
});
