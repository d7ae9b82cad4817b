import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Place } from './support/command.js';
import { makePlace } from './support/command.js';
import { command, KEY_TEXT, makeDefaultKey } from './support/running.js';

/** Makes Node say which packages it loads, in a file. */
const WATCH = `
import Module from 'node:module';
import { appendFileSync } from 'node:fs';
const note = (name) => { if (/^@(aws-sdk|aws-crypto|smithy)\\//.test(name)) appendFileSync('loaded', name + '\\n'); };
const load = Module._load;
Module._load = function (name, ...rest) { note(name); return load.call(this, name, ...rest); };
const resolve = (name, context, next) => { note(name); return next(name, context); };
if (Module.registerHooks) Module.registerHooks({ resolve });
else Module.register('data:text/javascript,' + encodeURIComponent(
  'import { appendFileSync } from "node:fs"; const note = ' + note + '; export const resolve = ' + resolve));
`;

async function watchedPlace(): Promise<Place> {
  const place = await makePlace();
  const { folder } = place;
  await writeFile(join(folder, 'watch.mjs'), WATCH);
  await writeFile(join(folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(folder, 'a'), 'hello');
  return {
    ...place,
    env: { ...place.env, NODE_OPTIONS: `--no-warnings --import ${join(folder, 'watch.mjs')}` },
  };
}

const loadedIn = ({ folder }: Place) => readFile(join(folder, 'loaded'), 'utf8').catch(() => '');

describe('AWS code', () => {
  it('is not loaded for key files, inspection, help and the keys of this machine', async () => {
    const place = await watchedPlace();
    await makeDefaultKey(place);
    for (const words of [
      ['encrypt', '-k', 'file:k', 'a', '-o', 's'],
      ['decrypt', '-k', 'file:k', 's', '-o', 'b'],
      ['encrypt', 'a', '-o', 't'],
      ['decrypt', 't', '-o', 'c'],
      ['inspect', 's'],
      ['kms', 'create-key', '--alias', 'b'],
      ['kms', 'list'],
      ['uploads'],
      ['version'],
      ['encrypt', '--help'],
      ['decrypt', '--nonsense'],
    ]) {
      const { status } = await command(words, place);
      expect([words, status, await loadedIn(place)]).toEqual([
        words,
        words.includes('--nonsense') ? 2 : 0,
        '',
      ]);
    }
  });

  it('is loaded for a key of AWS, and says nothing of the Node that it runs on', async () => {
    const place = await watchedPlace();
    const env = {
      NODE_OPTIONS: `--import ${join(place.folder, 'watch.mjs')} --disable-warning=DEP0205`,
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const { stderr, status } = await command(['encrypt', '-k', 'alias/a', 'a', '-o', 's'], place, { env });
    expect(status).toBe(5);
    expect(stderr).toMatch(/^sealpipe: error: KMS GenerateDataKey /);
    expect(stderr).not.toContain('Warning');
    expect(await loadedIn(place)).toContain('@aws-sdk/client-kms');
  });
});
