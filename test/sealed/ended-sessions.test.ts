import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { recover } from '../../src/sealed/recovery/recover.js';
import { encrypt } from '../../src/session/one-shot.js';
import { outcome } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { keys, strangers } from '../support/test-keys.js';

const F = 4_096;
const sealed = await encrypt(patterned(4 * F), { keys, frameSize: F });

/** The events of `sealpipe:stream` during this test. */
function events(): string[] {
  const seen: string[] = [];
  const note = (message: unknown) => void seen.push((message as { event: string }).event);
  subscribe('sealpipe:stream', note);
  onTestFinished(() => void unsubscribe('sealpipe:stream', note));
  return seen;
}

it('a recovery that finds nothing missing is reported as a stream that has ended', async () => {
  const seen = events();
  await using recovery = await recover(sealed, { keys });
  await outcome(recovery.createReadStream());
  expect(seen).toEqual(['start', 'end']);
});

it('a recovery that finds something missing is reported with its fault, and ends no stream', async () => {
  const seen = events();
  await using recovery = await recover(sealed.subarray(0, -F), { keys });
  await outcome(recovery.createReadStream());
  expect(seen).toEqual(['start', 'error']);
});

it('a recovery that nobody takes is reported when it is closed', async () => {
  const seen = events();
  await (await recover(sealed, { keys })).close();
  expect(seen).toEqual(['start', 'error']);
});

it('a recovery whose stream is destroyed is over', async () => {
  const recovery = await recover(sealed, { keys });
  const stream = recovery.createReadStream();
  await once(stream, 'readable');
  stream.on('error', () => undefined).destroy(new Error('enough'));
  await expect(recovery.report).rejects.toThrow('enough');
  await recovery.close();
});

it('a recovery without the right key is reported', async () => {
  const seen = events();
  await expect(recover(sealed, { keys: strangers })).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_KEY_MISMATCH',
  });
  expect(seen).toEqual(['error']);
});
