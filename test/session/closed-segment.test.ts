import { expect, it } from 'vitest';
import { FrameSealer } from '../../src/frames/sealer.js';
import { encryptSettings } from '../../src/session/encrypt-options.js';
import { decrypt } from '../../src/session/one-shot.js';
import { setUpSeal } from '../../src/session/setup/seal-setup.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const chain = { archive: Buffer.alloc(16, 1), index: 3, previous: Buffer.alloc(32, 2) };

it('a segment carries its place in the archive, there and back', async () => {
  const { bytes } = await outcomeOf(
    createEncryptStream({ keys, chain, layout: 'record' }),
    Buffer.from('line'),
  );
  const stream = createDecryptStream({ keys });
  expect(String((await outcomeOf(stream, bytes)).bytes)).toBe('line');
  const { archive, index, previous, closed } = stream.header!.chain!;
  expect([Buffer.from(archive), index, Buffer.from(previous), closed]).toEqual([
    chain.archive,
    3,
    chain.previous,
    undefined,
  ]);
});

it.each(['fixed', 'record'] as const)(
  'a closing segment opens, and has no plaintext (%s)',
  async (layout) => {
    const { bytes } = await outcomeOf(
      createEncryptStream({ keys, layout, chain: { ...chain, closed: true } }),
    );
    const stream = createDecryptStream({ keys });
    expect(await outcomeOf(stream, bytes)).toMatchObject({ error: undefined, ended: true });
    expect(stream.header?.chain?.closed).toBe(true);
  },
);

it.each(['fixed', 'record'] as const)(
  'a closing segment with plaintext is malformed, and none of it leaves (%s)',
  async (layout) => {
    const settings = encryptSettings({ keys, layout, chain: { ...chain, closed: true } });
    const setup = await setUpSeal(settings, { plaintextBytes: 1, ended: true }, new AbortController().signal);
    const pieces: Uint8Array[] = [setup.preamble];
    const sealer = new FrameSealer(setup.cipher, setup.layout, (frames) => pieces.push(frames));
    sealer.write(Buffer.from('smuggled'));
    sealer.finish();
    const sealed = Buffer.concat(pieces);
    const { bytes, error } = await outcomeOf(createDecryptStream({ keys }), sealed);
    expect([bytes.length, error?.code]).toEqual([0, 'ERR_SEALPIPE_FORMAT']);
    await expect(decrypt(sealed, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
  },
);
