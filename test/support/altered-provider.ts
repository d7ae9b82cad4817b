import type { KeyProvider } from '../../src/keys/provider.js';

/** `base` with some of its methods put in place of its own, answers of any kind included. */
export function altered(
  base: KeyProvider,
  changes: { readonly [P in keyof KeyProvider]?: unknown },
): KeyProvider {
  return {
    id: base.id,
    generate: (request) => base.generate(request),
    wrap: (dataKey, request) => base.wrap(dataKey, request),
    matches: (recipient) => base.matches(recipient),
    unwrap: (recipient, request) => base.unwrap(recipient, request),
    ...changes,
  } as KeyProvider;
}
