import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { makePlace } from './support/command.js';
import { replay } from './support/transcript.js';

const FOLDER = join(repositoryRoot, 'test/cli/transcripts');

/** Lists of lines that stand alone, of which `npm test` takes samples. */
const LISTS = new Set(['help-in-full.txt', 'usage.txt']);
const SAMPLE = 12;

describe('the command, as the transcripts have it', () => {
  beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the transcripts are for sh'));

  // Several at a time: the longest file of tests must not keep one core busy while the other idles.
  it.concurrent.each(readdirSync(FOLDER).sort())('%s', { timeout: 240_000 }, async (name) => {
    const root = await makeTempFolder();
    try {
      const transcript = readFileSync(join(FOLDER, name), 'utf8');
      const most = LISTS.has(name) ? SAMPLE : Infinity;
      expect(await replay(transcript, await makePlace(root), most)).toBe(transcript);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
