import type { EngineName, KeyProvider, StreamHeader } from '../../index.js';
import type { GivenOptions } from '../arguments/command-line.js';
import { contextPairs } from '../arguments/values/context-pairs.js';
import type { Invocation } from '../invocation.js';
import type { SealedFile } from '../io/input/sealed-file.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import { KeyGuard } from './key-guard.js';
import type { OpenKeys } from './keys-to-open.js';
import { keysToOpen, trustOf } from './keys-to-open.js';

/** The keys and the context for opening a stream. */
export interface OpeningOptions {
  readonly keys: readonly KeyProvider[];
  readonly encryptionContext: Readonly<Record<string, string>> | undefined;
  readonly engine: EngineName | undefined;
  readonly signal: AbortSignal;
}

/** How a command opens streams with the keys of its options. */
export interface Opening {
  readonly guard: KeyGuard;
  /**
   * Passes the keys that may open the stream of a header to `work`, and closes them afterwards.
   *
   * @param place pairs that the encryption context must have besides those of the options
   */
  openWith<T>(
    header: StreamHeader,
    place: Pick<SealedFile, 'required'> | undefined,
    work: (terms: OpeningOptions, opened: OpenKeys) => Promise<T>,
  ): Promise<T>;
}

/** Reads the options that open streams, once for all streams. @throws CommandError with status 2 */
export async function openingWith(options: GivenOptions, invocation: Invocation): Promise<Opening> {
  const given = contextPairs(options.texts('context'));
  const trust = trustOf(options, invocation.env);
  const engine = options.text('engine') as EngineName | undefined;
  return {
    guard: await KeyGuard.for(trust.keys, invocation),
    async openWith(header, place, work) {
      const encryptionContext = place === undefined ? given : place.required(given);
      if (header.encryptionContext === null && encryptionContext === undefined) {
        throw misuse(USAGE.contextWithheld());
      }
      const opened = await keysToOpen(header, trust, invocation);
      try {
        const { signal } = invocation;
        return await work({ keys: opened.keys.providers, encryptionContext, engine, signal }, opened);
      } finally {
        await opened.keys.close();
      }
    },
  };
}
