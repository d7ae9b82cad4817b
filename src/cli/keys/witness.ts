import type { Recipient } from '../../format/stream-header.js';
import type { KeyProvider } from '../../keys/provider.js';

/**
 * The same provider, which tells of every recipient that it unwraps: the last one before a stream's `header` event is
 * the one that vouches for the stream.
 */
export function witnessed(provider: KeyProvider, tell: (recipient: Recipient) => void): KeyProvider {
  return {
    id: provider.id,
    generate: (request) => provider.generate(request),
    wrap: (dataKey, request) => provider.wrap(dataKey, request),
    matches: (recipient) => provider.matches(recipient),
    async unwrap(recipient, request) {
      const dataKey = await provider.unwrap(recipient, request);
      tell(recipient);
      return dataKey;
    },
  };
}
