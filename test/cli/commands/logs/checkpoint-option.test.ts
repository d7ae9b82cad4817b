import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GivenOptions } from '../../../../src/cli/arguments/command-line.js';
import { checkpointOption } from '../../../../src/cli/commands/logs/checkpoint-option.js';
import { EXIT } from '../../../../src/cli/terminal/command-error.js';
import { tempFolder } from '../../../support/temp-folder.js';

const LIMIT = 65_536;
const given = (name: string) => checkpointOption({ text: () => name } as unknown as GivenOptions);
const fileOf = async (text: string): Promise<string> => {
  const file = join(await tempFolder(), 'checkpoint');
  await writeFile(file, text);
  return file;
};

describe('--checkpoint', () => {
  it('takes a file of up to 64 KiB', async () => {
    const file = await fileOf('{"archive":"0"}'.padEnd(LIMIT));
    expect(await given(file)).toEqual({ archive: '0' });
  });

  it('refuses a larger one, however large, before it has read more', async () => {
    const file = await fileOf('{"archive":"0"}'.padEnd(LIMIT + 1));
    const refused = {
      status: EXIT.usage,
      message: expect.stringContaining('is not a checkpoint of a log archive: it has more than 65,536 bytes'),
    };
    await expect(given(file)).rejects.toMatchObject(refused);
    // More than a Buffer can have.
    await truncate(file, 2 ** 43);
    await expect(given(file)).rejects.toMatchObject(refused);
  });

  it('refuses what is not a checkpoint, and a file that cannot be read', async () => {
    await expect(given(await fileOf('[]'))).rejects.toMatchObject({ status: EXIT.usage });
    await expect(given(join(await tempFolder(), 'none'))).rejects.toMatchObject({ status: EXIT.other });
  });
});
