import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { innerModule } from '../../../scripts/inner-module.mjs';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { linesIn, objectsIn, openStoring } from '../support/stored.js';

const here = fakeForTests();
const SCRIPT = join(import.meta.dirname, 'killed-uploader.mjs');
const MODULE = await innerModule('src/keys/raw.ts', 'src/logs/writer/open-log-writer.ts');

describe('a log writer that is killed while a segment goes up', () => {
  it.each([
    ['in the middle of its parts', 'UploadPart', 1],
    ['before its object is made', 'CompleteMultipartUpload', 0],
    ['when it is read back', 'GetObject', 0],
  ])('%s has lost nothing, and leaves no part behind once it starts again', async (_what, on, skip) => {
    const directory = await tempFolder();
    const { region, endpoint, forcePathStyle, credentials } = here.fake.clientConfig();
    const configuration = JSON.stringify({ region, endpoint, forcePathStyle, credentials });
    here.fake.fault({ on, skip, times: Number.POSITIVE_INFINITY }, { kind: 'stall request' });
    const words = [SCRIPT, MODULE, directory, `s3://${here.bucket}/logs`, configuration];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    const closed = once(child, 'close');
    await eventually(() => expect(here.fake.seen.of(on).length).toBeGreaterThan(skip));
    child.kill('SIGKILL');
    await closed;
    here.fake.clearFaults();
    const writer = await openStoring(here, directory, { drain: 60_000 });
    writer.append('after the kill');
    const { notStored } = await writer.end();
    expect(notStored).toEqual([]);
    expect(here.fake.world.bucket(here.bucket).uploads.size).toBe(0);
    const lines = await linesIn(here);
    expect(lines.map((line) => line.slice(0, 5))).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `${i}`.repeat(5)),
      'after',
    ]);
    // The one that was open when it was killed is there as well, torn.
    expect(objectsIn(here).size).toBe(3);
  });
});
