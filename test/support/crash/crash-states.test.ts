import { describe, expect, it } from 'vitest';
import { crashStates } from './crash-states.js';
import { RecordedFiles } from './recorded-files.js';

const OLD = Buffer.alloc(1_024, 'o');
const NEW = Buffer.alloc(1_024, 'n');

/** What the disk may hold after everything, as text. */
async function left(work: (files: RecordedFiles) => Promise<void>): Promise<string[]> {
  const files = new RecordedFiles(new Map([['/f/a', OLD]]));
  await work(files);
  const states = [...crashStates(files.initial, files.operations, Math.random)];
  return states
    .filter(({ after }) => after === files.operations.length)
    .map(({ disk }) => [...disk].map(([path, bytes]) => `${path} ${brief(bytes)}`).join(', '))
    .sort();
}

/** One letter for each half sector's first byte; a zero is a dot. */
function brief(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 512)
    text += bytes[at] === 0 ? '.' : String.fromCharCode(bytes[at]!);
  return text;
}

describe('the crash twin', () => {
  it('leaves each sector of an overwrite that was not synced old or new', async () => {
    const states = await left(async (files) => {
      await (await files.open('/f/a', { access: 'read-write' })).write(NEW, 0);
    });
    expect(states).toEqual(['/f/a nn', '/f/a no', '/f/a on', '/f/a oo']);
  });

  it('leaves what was synced', async () => {
    const states = await left(async (files) => {
      const file = await files.open('/f/a', { access: 'read-write' });
      await file.write(NEW, 0);
      await file.datasync();
    });
    expect(states).toEqual(['/f/a nn']);
  });

  it('fills what grew with zeros, or keeps the size', async () => {
    const states = await left(async (files) => {
      await (await files.open('/f/a', { access: 'read-write' })).write(NEW.subarray(0, 512), 1_024);
    });
    expect(states).toEqual(['/f/a oo', '/f/a oo.', '/f/a oon']);
  });

  it('undoes names before the sync of the folder, each by itself', async () => {
    const states = await left(async (files) => {
      await files.link('/f/a', '/f/b');
      await files.rename('/f/a', '/f/c');
    });
    expect(states).toEqual(['/f/a oo', '/f/a oo, /f/b oo', '/f/b oo, /f/c oo', '/f/c oo']);
  });

  it('keeps names after it', async () => {
    const states = await left(async (files) => {
      await files.rename('/f/a', '/f/c');
      await files.syncFolder('/f');
    });
    expect(states).toEqual(['/f/c oo']);
  });

  it('may leave a new file with a name and no data', async () => {
    const states = await left(async (files) => {
      await (await files.open('/f/b', { access: 'read-write', create: 0o600 })).write(
        NEW.subarray(0, 512),
        0,
      );
    });
    expect(states).toContain('/f/a oo, /f/b ');
    expect(states).toContain('/f/a oo, /f/b .');
    expect(states).toContain('/f/a oo');
  });

  it('begins with what there was, and tells the states of every prefix', async () => {
    const files = new RecordedFiles(new Map([['/f/a', OLD]]));
    const file = await files.open('/f/a', { access: 'read-write' });
    await file.write(NEW, 0);
    await file.sync();
    const states = [...crashStates(files.initial, files.operations, Math.random)];
    expect(states.map(({ after }) => after)).toEqual([0, 1, 2, 2, 2, 2, 3]);
  });
});
