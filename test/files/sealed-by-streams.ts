import { loadPackWriter } from '../../src/format/pack-writer.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import type { KeyProvider, KeyRequest } from '../../src/keys/provider.js';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { encryptSettings } from '../../src/session/encrypt-options.js';
import { composeSeal } from '../../src/session/setup/seal-setup.js';
import { readHeader } from '../../src/streams/read-header.js';
import { altered } from '../support/altered-provider.js';
import { keys } from '../support/test-keys.js';

await loadPackWriter();

const DATA_KEY = Buffer.alloc(32, 3);

/** A provider that always makes the same data key. */
export const repeating: KeyProvider = altered(keys, {
  generate: async (request: KeyRequest) => {
    const dataKey = Buffer.from(DATA_KEY.subarray(0, request.dataKeyBytes));
    return { dataKey, recipient: await keys.wrap(dataKey, request) };
  },
});

/**
 * What the sealer of the streams makes of a plaintext with the salt, the time and the recipient of a sealed stream, whose
 * data key is `repeating`'s: the same bytes, if both are right.
 */
export async function sealedByStreams(
  plaintext: Uint8Array,
  options: Omit<EncryptOptions, 'keys'>,
  like: Uint8Array,
): Promise<Buffer> {
  const { salt, created, recipients } = await readHeader(like);
  const settings = encryptSettings({ ...options, keys: repeating });
  const dataKey = DATA_KEY.subarray(
    0,
    settings.suite === 'AES-128-GCM' || settings.suite === 'SM4-GCM' ? 16 : 32,
  );
  const freshness = { salt, created: created / 1_000 };
  const { preamble, cipher, layout } = composeSeal(settings, dataKey, recipients, freshness);
  const pieces: Uint8Array[] = [preamble];
  const sealer = new FrameSealer(cipher, layout, (frames) => pieces.push(frames));
  sealer.write(plaintext);
  sealer.finish();
  sealer.wipe();
  return Buffer.concat(pieces);
}
