import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseKey, parseLocalKey } from '../../../src/cli/keys/key-reference.js';
import { keyFromFile } from '../../../src/keys/key-file.js';
import { makePlace } from '../support/command.js';
import { command } from '../support/running.js';

const key = randomBytes(32);
const forms = {
  hex: key.toString('hex'),
  'upper case': key.toString('hex').toUpperCase(),
  base64: `${key.toString('base64').slice(0, 41)}0k=`,
  'base64 without its end': `${key.toString('base64url').slice(0, 41)}Zz0`,
  'half of it': key.toString('hex').slice(0, 32),
};

async function failureOf(use: () => unknown): Promise<string> {
  try {
    await use();
  } catch (error) {
    return inspect(error, { depth: 9, showHidden: true });
  }
  throw new Error('it was taken');
}

describe('a key that was given in place of its name', () => {
  it.each(Object.entries(forms))('is not repeated by the message (%s)', async (_form, text) => {
    for (const use of [
      () => parseKey(text),
      () => parseKey(` ${text}\n`),
      () => parseKey(`hex:${text}`),
      () => parseKey(`local:${text}`),
      () => parseLocalKey(text),
      () => keyFromFile(text),
    ]) {
      const said = await failureOf(use);
      expect(said).toContain('looks like the key itself, and is not shown');
      expect(said).not.toContain(text);
    }
  });

  it('is not shown by the command either, from the line and from the environment', async () => {
    const { env, ...place } = await makePlace();
    const fromEnvironment = { ...place, env: { ...env, SEALPIPE_KEY: forms.hex } };
    for (const { status, stderr } of [
      await command(['encrypt', '-v', '-k', forms.hex], { ...place, env }),
      await command(['encrypt', '-v', '-k', `file:${forms.hex}`], { ...place, env }),
      await command(['encrypt', '-v'], fromEnvironment),
      await command(['decrypt', '-v'], fromEnvironment),
    ]) {
      expect([status, stderr]).toEqual([2, expect.stringContaining('is not shown')]);
      expect(stderr).not.toContain(forms.hex);
    }
  });

  it('is distinguished from a wrong name', async () => {
    for (const name of ['backups', 'my-very-own-key-for-the-backups-of-every-night', 'local:a', 'alias/']) {
      expect(await failureOf(() => parseKey(name))).toContain(name);
    }
    expect(await failureOf(() => keyFromFile('keys/nothere'))).toContain('keys/nothere');
  });
});
