import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFrom } from '../../../../src/keys/key-from.js';
import { openLogReader } from '../../../../src/logs/index.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import type { Ended, Running } from '../../support/running.js';
import { command, KEY_TEXT, start, until } from '../../support/running.js';

export const WRITE = ['logs', 'write', '-k', 'file:k', 'logs'];

/** A place with the key file `k`. */
export async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  return place;
}

/** Writes an archive from one input. */
export function written(place: Place, input: string | Uint8Array, ...words: string[]): Promise<Ended> {
  const { child, ended } = start([...WRITE, ...words], place);
  child.stdin?.end(input);
  return ended;
}

/** What `logs cat` prints, and its status. */
export async function printed(place: Place, ...words: string[]): Promise<[string, number | null]> {
  const { stdout, status } = await command(['logs', 'cat', '-k', 'file:k', 'logs', ...words], place);
  return [stdout.toString(), status];
}

/** The lines that an archive of {@link WRITE} holds so far: read in this process, because tests ask again and again. */
export async function linesSoFar({ folder }: Place): Promise<string> {
  const keys = await keyFrom(`file:${join(folder, 'k')}`);
  try {
    const reader = await openLogReader({ keys, directory: join(folder, 'logs') });
    let text = '';
    try {
      for await (const { lines } of reader.batches()) text += lines.map((line) => `${line}\n`).join('');
    } finally {
      await reader.close();
    }
    return text;
  } catch {
    return ''; // there is no archive yet
  } finally {
    await keys.close();
  }
}

/** A writer that has sealed its first line. */
export async function writing(place: Place, ...words: string[]): Promise<Running> {
  const running = start([...WRITE, '--flush-every', '50ms', ...words], place);
  running.child.stdin?.write('one\n');
  await until(async () => (await linesSoFar(place)) === 'one\n', 'a line in the archive');
  return running;
}

/** A `logs tail -f` of the archive that {@link writing} writes, once it has printed the first line. */
export async function following(place: Place): Promise<Running & { printed(): string }> {
  const tail = start(['logs', 'tail', '-k', 'file:k', 'logs', '-f'], place);
  let text = '';
  tail.child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await until(() => text === 'one\n', 'the first line');
  return { ...tail, printed: () => text };
}
