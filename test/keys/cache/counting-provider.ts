import type { KeyProvider } from '../../../src/keys/provider.js';
import { rawKey } from '../../../src/keys/raw.js';

/** A provider that counts its calls and remembers the memory that it gave away. */
export function counting(base: KeyProvider = rawKey({ name: 'counted', key: Buffer.alloc(32, 3) })) {
  const calls = { generate: 0, unwrap: 0 };
  const given: Uint8Array[] = [];
  const provider: KeyProvider = {
    id: base.id,
    matches: (recipient) => base.matches(recipient),
    wrap: (dataKey, request) => base.wrap(dataKey, request),
    async generate(request) {
      calls.generate += 1;
      const generated = await base.generate(request);
      given.push(generated.dataKey);
      return generated;
    },
    async unwrap(recipient, request) {
      calls.unwrap += 1;
      const dataKey = await base.unwrap(recipient, request);
      given.push(dataKey);
      return dataKey;
    },
  };
  return { provider, calls, given };
}
