import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { eventually } from '../../support/eventually.js';
import { tempFolder } from '../../support/temp-folder.js';
import { openWriter } from '../support/machine.js';
import type { FileDeed } from '../support/watched-files.js';
import { watchedFiles } from '../support/watched-files.js';

const OPEN = /\/[0-9]{12}\.open$/;
const SEGMENT = /\/[0-9]{12}\.[0-9a-f]{16}\.tmp$/;
const ACKNOWLEDGED = /\/acknowledged\.[0-9a-f]{16}\.tmp$/;

describe('a log writer that is stopped', () => {
  it.each<[string, RegExp, FileDeed['call'], number]>([
    ['while a segment becomes durable', SEGMENT, 'datasync', 0],
    ['while that is kept for the first time', ACKNOWLEDGED, 'open', 0],
    ['while what it keeps is written', ACKNOWLEDGED, 'write', 0],
    ['while what it keeps becomes durable', ACKNOWLEDGED, 'datasync', 0],
    ['while the file of the next segment is made', SEGMENT, 'open', 1],
    ['while the next segment gets its name', OPEN, 'link', 1],
  ])('%s leaves no file open, and does nothing once its lock is gone', async (_what, path, call, skip) => {
    const directory = await tempFolder();
    const stop = new AbortController();
    const held: (() => void)[] = [];
    let seen = 0;
    let isHeld = false;
    const { files, open } = watchedFiles(systemFiles, (deed) => {
      if (isHeld || deed.call !== call || !path.test(deed.path) || seen++ < skip) return undefined;
      isHeld = true;
      return new Promise((resolve) => void held.push(resolve));
    });
    const writer = await openWriter(directory, { signal: stop.signal }, files);
    writer.on('error', () => undefined);
    writer.append('one');
    writer.flush().catch(() => undefined);
    writer.rotate().catch(() => undefined);
    await eventually(() => expect(held).toHaveLength(1));
    stop.abort();
    let isClosed = false;
    const closed = writer.close().then(() => {
      isClosed = true;
    });
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(isClosed).toBe(false);
    held[0]!();
    await closed;
    expect(open).toEqual([]);
  });
});
