import { canonicalContext } from '../../src/format/encryption-context.js';
import type { KeyRequest } from '../../src/keys/provider.js';

/** A key request as a stream makes it: 32 bytes, an empty context and a signal that nobody aborts unless told. */
export function keyRequest(
  given: {
    readonly context?: Readonly<Record<string, string>>;
    readonly dataKeyBytes?: number;
    readonly signal?: AbortSignal;
  } = {},
): KeyRequest {
  return {
    ...canonicalContext(given.context ?? {}),
    dataKeyBytes: given.dataKeyBytes ?? 32,
    signal: given.signal ?? new AbortController().signal,
  };
}
