import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT } from '../support/running.js';

const TIME = String.raw`in [\d,.]+ ms \([^)]+/s\)`;

describe('--verbose', () => {
  let place: Place;
  beforeEach(async () => {
    place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
    await writeFile(join(place.folder, 'f'), 'plaintext');
    await command(['encrypt', '-k', 'file:k', '--suite', 'aes-128-gcm', 'f', '-o', 's'], place);
  });
  const said = async (...words: string[]) => (await command([...words, '-k', 'file:k'], place)).stderr;

  it('of encrypt tells suite, recipients, sizes and times', async () => {
    expect(await said('encrypt', '-v', 'f', '-o', 'new')).toMatch(
      new RegExp(
        `^sealpipe: AES-256-GCM, frames of 64 KiB, fixed layout
sealpipe: sealed for the key file with fingerprint [0-9a-f]{16}
sealpipe: 9 bytes in, 1,156 bytes out, ${TIME}
$`,
      ),
    );
  });

  it.each([
    ['to a file', ['-o', 'opened']],
    ['to a pipe', []],
  ])('of decrypt tells suite, key, sizes and times, %s', async (_, output) => {
    expect(await said('decrypt', '-v', 's', ...output)).toMatch(
      new RegExp(
        `^sealpipe: AES-128-GCM, frames of 64 KiB, fixed layout
sealpipe: opened with the key file with fingerprint [0-9a-f]{16}
sealpipe: 1,156 bytes in, 9 bytes out, ${TIME}
$`,
      ),
    );
  });

  it('is needed for any of it', async () => {
    expect(await said('encrypt', 'f', '-o', 'new')).toBe('');
    expect(await said('decrypt', 's', '-o', 'opened')).toBe('');
  });
});
