import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../../src/keys/provider.js';
import { openName } from '../../../src/logs/archive/segment-name.js';
import { recoverArchive } from '../../../src/logs/upkeep/recover-archive.js';
import { tempFolder } from '../../support/temp-folder.js';
import { impostor, keys } from '../../support/test-keys.js';
import { forgeArchive, placeArchive } from '../support/forged-archive.js';
import { openWriter } from '../support/machine.js';
import { keys as forgedKeys } from '../support/reading.js';

describe('an archive that is recovered', () => {
  it('gives the lines of every segment as far as it verifies, whatever became of the others', async () => {
    const directory = await tempFolder();
    let folder = '';
    for (let run = 0; run < 4; run++) {
      const writer = await openWriter(directory);
      folder = join(directory, writer.archive);
      for (let i = 0; i < 3; i++) {
        writer.append(`run ${run} line ${i}`);
        await writer.flush();
      }
      await writer.end();
    }
    const [first, second, third, fourth] = readdirSync(folder).filter((name) => name.endsWith('.sealed')) as [
      string,
      string,
      string,
      string,
    ];
    const damaged = readFileSync(join(folder, first));
    damaged[2] = 0;
    writeFileSync(join(folder, first), damaged);
    rmSync(join(folder, second));
    truncateSync(join(folder, fourth), readFileSync(join(folder, fourth)).length - 200);
    const output = join(await tempFolder(), 'saved');
    const saved = await recoverArchive({ directory, keys, output });
    expect(saved.map(({ name, whole, error }) => [name, whole, error?.name])).toEqual([
      [first, false, 'SealpipeError'],
      [third, true, undefined],
      [fourth, false, undefined],
    ]);
    expect(readFileSync(join(output, saved[1]!.file!), 'utf8')).toBe(
      'run 2 line 0\nrun 2 line 1\nrun 2 line 2\n',
    );
    const rest = readFileSync(join(output, saved[2]!.file!), 'utf8');
    expect('run 3 line 0\nrun 3 line 1\nrun 3 line 2\n'.startsWith(rest)).toBe(true);
    expect(saved[2]!.lines).toBe(rest.split('\n').length - 1);
  });

  it('gives the lines of a segment that its writer ends in the meantime', async () => {
    const directory = await tempFolder();
    const segments = forgeArchive([
      { units: [{ lines: ['a'], first: 1, last: 1 }] },
      { units: [{ lines: ['b'], first: 2, last: 2 }] },
    ]);
    const folder = await placeArchive(directory, segments);
    renameSync(join(folder, segments[1]!.name), join(folder, openName(1)));
    let hasRenamed = false;
    const renaming: KeyProvider = {
      id: forgedKeys.id,
      generate: (request) => forgedKeys.generate(request),
      wrap: (dataKey, request) => forgedKeys.wrap(dataKey, request),
      matches: (recipient) => forgedKeys.matches(recipient),
      unwrap: (...call) => {
        if (!hasRenamed) renameSync(join(folder, openName(1)), join(folder, segments[1]!.name));
        hasRenamed = true;
        return forgedKeys.unwrap(...call);
      },
    };
    const output = join(await tempFolder(), 'saved');
    const saved = await recoverArchive({ directory, keys: renaming, output });
    expect(saved.map(({ name, lines, whole }) => [name, lines, whole])).toEqual([
      [segments[0]!.name, 1, true],
      [segments[1]!.name, 1, true],
    ]);
  });

  it('never overwrites, and writes nothing without the key', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    writer.append('one');
    await writer.end();
    const output = join(await tempFolder(), 'saved');
    const saved = await recoverArchive({ directory, keys: impostor, output });
    expect(saved).toMatchObject([{ file: null, lines: 0, error: { code: 'ERR_SEALPIPE_AUTHENTICATION' } }]);
    await expect(recoverArchive({ directory, keys, output })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_EXISTS',
    });
  });
});
