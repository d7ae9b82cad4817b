import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { expect } from 'vitest';
import { onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { python } from '../../support/descriptors.js';
import { command, KEY_TEXT } from '../../support/running.js';

/** For `beforeEach`: the tests of this folder need Linux and Python. */
export function needDescriptors(context: TestContext): void {
  onlyWhere(context, process.platform === 'linux', 'how a descriptor was opened is known on Linux');
  prerequisite(context, python !== undefined, 'python3');
}

export const DATA = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at * 7));

/** A place with the key `k`, and the file `a` that holds {@link DATA}. */
export async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), DATA);
  return place;
}

/** The plaintext of a stream that was sealed with that key. */
export async function opened(place: Place, sealed: Buffer): Promise<Buffer> {
  await writeFile(join(place.folder, 'came'), sealed);
  const { status, stdout, stderr } = await command(['decrypt', '-k', 'file:k', 'came'], place);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}
