import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { eventually } from '../../support/eventually.js';
import { tempFolder } from '../../support/temp-folder.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { service } from '../support/key-service.js';
import { openWriter } from '../support/machine.js';

describe('the listeners of a log writer', () => {
  it('hear of segments and of failing keys on sealpipe:logs', async () => {
    const [directory, { state, provider }] = [await tempFolder(), service()];
    const heard: unknown[] = [];
    const listener = (message: unknown) => void heard.push(message);
    subscribe('sealpipe:logs', listener);
    const writer = await openWriter(directory, { keys: provider });
    writer.append('one');
    state.isDown = true;
    const rotated = writer.rotate();
    await eventually(() => expect(heard).toHaveLength(3));
    state.isDown = false;
    await rotated;
    await writer.end();
    unsubscribe('sealpipe:logs', listener);
    const { archive } = writer;
    expect(heard).toEqual([
      { event: 'begun', archive, index: 0 },
      { event: 'open', archive, index: 0 },
      {
        event: 'key',
        archive,
        index: 1,
        error: expect.objectContaining({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' }),
      },
      { event: 'sealed', archive, index: 0 },
      { event: 'open', archive, index: 1 },
      { event: 'sealed', archive, index: 1 },
    ]);
  });

  it('hear once that the disk is full, and once that it is not any more', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const heard: unknown[] = [];
    const listener = (message: unknown) => void heard.push(message);
    const writer = await openWriter(directory, {}, files);
    subscribe('sealpipe:logs', listener);
    let left = 2;
    files.fault = ({ call, path }) =>
      call === 'write' && path.endsWith('.open') && left-- > 0 ? 'ENOSPC' : undefined;
    writer.append('one');
    await writer.flush();
    await writer.end();
    unsubscribe('sealpipe:logs', listener);
    const { archive } = writer;
    expect(heard).toEqual([
      { event: 'waiting', archive, index: 0, error: expect.objectContaining({ code: 'ENOSPC' }) },
      { event: 'resumed', archive, index: 0 },
      { event: 'sealed', archive, index: 0 },
    ]);
    expect((heard[0] as { error: Error }).error.message).toBe('[redacted]');
  });

  it('hear of positions once a move', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    const heard: unknown[] = [];
    writer.on('positions', ({ written, durable }) => heard.push([written.records, durable.records]));
    writer.append('one');
    await writer.flush();
    await writer.flush();
    await writer.end();
    expect(heard).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });
});
