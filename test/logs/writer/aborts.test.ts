import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { tempFolder } from '../../support/temp-folder.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';

describe('a log writer whose signal is aborted', () => {
  it.each([1, 2])(
    'while it opens lets go of the folder: at listing %i after its segment began',
    async (nth) => {
      const directory = await tempFolder();
      const stop = new AbortController();
      let listings = 0;
      let hasBegun = false;
      const files = Object.assign(new FaultyFiles(systemFiles), {
        names: async (folder: string) => {
          if (hasBegun && ++listings === nth) stop.abort();
          return systemFiles.names(folder);
        },
      });
      files.fault = ({ call, path }) => {
        hasBegun ||= call === 'link' && path.endsWith('.open');
        return undefined;
      };
      const store = 's3://no-bucket-is-asked/logs';
      const client = { config: { region: async () => 'eu-west-1' }, send: async () => ({}) };
      const opening = openWriter(directory, { signal: stop.signal, store, client }, files);
      await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
      expect(listings).toBeGreaterThanOrEqual(nth);
      await (await openWriter(directory)).end();
    },
  );

  it('while it closes, has closed: `close` resolves, and `end` rejects', async () => {
    const { files, stop, writer } = await abortableWriter();
    files.fault = ({ call, path }) => {
      if (call === 'write' && path.endsWith('.open')) stop.abort();
      return undefined;
    };
    writer.append('one');
    const ended = writer.end();
    await expect(writer.close()).resolves.toBeUndefined();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    await expect(writer.close()).resolves.toBeUndefined();
    await expect(writer.flush()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('while a checkpoint waits for a sync that then fails: the checkpoint rejects', async () => {
    const { files, stop, writer } = await abortableWriter();
    files.fault = ({ call, path }) => {
      if (call !== 'datasync' || !path.endsWith('.open')) return undefined;
      stop.abort();
      return 'EIO';
    };
    writer.append('one');
    await expect(writer.checkpoint()).rejects.toMatchObject({ name: 'AbortError' });
    await writer.close();
  });
});

/** A writer with a signal, over files that may fail. */
async function abortableWriter() {
  const files = new FaultyFiles(systemFiles);
  const stop = new AbortController();
  const writer = await openWriter(await tempFolder(), { signal: stop.signal }, files);
  return { files, stop, writer };
}
