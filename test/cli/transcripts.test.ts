import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { makePlace } from './support/command.js';
import { replay } from './support/transcript.js';

const FOLDER = join(repositoryRoot, 'test/cli/transcripts');

describe('the command, as the transcripts have it', () => {
  beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the transcripts are for sh'));

  it.each(readdirSync(FOLDER).sort())('%s', { timeout: 120_000 }, async (name) => {
    const transcript = readFileSync(join(FOLDER, name), 'utf8');
    expect(await replay(transcript, await makePlace())).toBe(transcript);
  });
});
