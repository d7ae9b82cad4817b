import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../../support/prerequisite.js';
import { until } from '../../../support/running.js';
import { placeWithKey, printed, writing, written } from '../archives.js';
import { parseExposition } from './exposition-parser.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'links are for POSIX'));

/** The values of a file of metrics, by what follows the common part of their names. */
async function metricsIn(path: string): Promise<Record<string, number>> {
  const found = [...parseExposition(await readFile(path, 'utf8'))];
  return Object.fromEntries(
    found.map(([key, value]) => [
      key.replace(/^sealpipe_logs_(\w+) archive=[0-9a-f]{32},?/, '$1 ').trim(),
      value,
    ]),
  );
}

describe('logs write --metrics', () => {
  it('keeps a file while it writes, and says in it that it has ended', async () => {
    const place = await placeWithKey();
    const path = join(place.folder, 'm.prom');
    const { child, ended } = await writing(place, '--metrics', 'm.prom');
    await until(async () => (await metricsIn(path))['lines_total position=durable'] === 1, 'a durable line');
    expect(await metricsIn(path)).toMatchObject({
      running: 1,
      segment: 0,
      'backlog_lines position=durable': 0,
    });
    child.stdin?.end('two\n');
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
    expect(await metricsIn(path)).toMatchObject({
      running: 0,
      'lines_total position=appended': 2,
      'bytes_total position=durable': 8,
      segments_sealed_total: 1,
    });
    expect((await readdir(place.folder)).sort()).toEqual(['k', 'logs', 'm.prom']);
    // The next run replaces its own file.
    expect(await written(place, 'three\n', '--metrics', 'm.prom')).toMatchObject({ status: 0, stderr: '' });
    expect((await metricsIn(path))['lines_total position=durable']).toBe(1);
  });

  it('archives all lines although the file cannot be written, and says so once', async () => {
    const place = await placeWithKey();
    const { child, ended } = await writing(place, '--metrics', 'absent/m.prom');
    child.stdin?.end('two\n');
    expect(await ended).toMatchObject({
      status: 0,
      stderr: `sealpipe: the metrics in ${join(place.folder, 'absent/m.prom')} cannot be written (no such file or directory): the archive continues, and writing them is retried\n`,
    });
    expect(await printed(place)).toEqual(['one\ntwo\n', 0]);
  });

  it.each([
    ['logs/m.prom', 'is in logs, the folder of the archive'],
    ['logs', 'is in logs, the folder of the archive'],
    ['./x/../logs/a/b.prom', 'is in logs, the folder of the archive'],
    ['linked/m.prom', 'is in logs, the folder of the archive'],
    ['k', 'is the same file as the key'],
    ['key-link', 'is the same file as the key'],
    ['../seal-home/kms/m.prom', 'is in the folder of the embedded KMS'],
    ['notes.txt', 'is not a metrics file'],
    ['x', 'is not a metrics file'],
    ['/dev/null', 'is not a metrics file'],
  ])('refuses %s, and changes nothing', async (name, why) => {
    const place = await placeWithKey();
    const at = (entry: string) => join(place.folder, entry);
    for (const folder of ['x', 'logs', '../seal-home', '../seal-home/kms'])
      await mkdir(at(folder), { mode: 0o700 });
    await symlink('logs', at('linked'));
    await symlink('k', at('key-link'));
    await writeFile(at('notes.txt'), '# HELP for those who need it\n');
    const { status, stderr } = await written(place, 'one\n', '--metrics', name);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(await readdir(at('logs'))).toEqual([]);
    expect(await readFile(at('notes.txt'), 'utf8')).toContain('for those');
  });

  it('refuses what is in a folder that does not exist yet, and takes one whose name begins alike', async () => {
    const place = await placeWithKey();
    expect(await written(place, '', '--metrics', 'logs/m.prom')).toMatchObject({ status: 2 });
    expect(await readdir(place.folder)).toEqual(['k']);
    await mkdir(join(place.folder, 'logs-metrics'));
    expect(await written(place, '', '--metrics', 'logs-metrics/m.prom')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await readdir(join(place.folder, 'logs-metrics'))).toEqual(['m.prom']);
  });
});
