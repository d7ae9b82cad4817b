import { SealpipeError } from '../../../src/errors.js';
import type { GeneratedKey } from '../../../src/keys/provider.js';
import { altered } from '../../support/altered-provider.js';
import { keys } from '../../support/test-keys.js';

/** A key service that can be down, counts its calls, and shows the keys that it made. */
export function service() {
  const made: Uint8Array[] = [];
  const state = { isDown: false, calls: 0, made };
  const provider = altered(keys, {
    generate: async (request: Parameters<typeof keys.generate>[0]): Promise<GeneratedKey> => {
      state.calls += 1;
      if (state.isDown) throw new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'down', { retryable: true });
      const generated = await keys.generate(request);
      made.push(generated.dataKey);
      return generated;
    },
    unwrap: () => Promise.reject(new Error('a writer unwraps nothing')),
  });
  return { state, provider };
}
