import { once } from 'node:events';
import type { EngineName } from '../../src/crypto/aead.js';
import { engines } from '../../src/crypto/engines.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import type { DecryptOptions } from '../../src/session/decrypt-options.js';
import { decrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import type { SuiteName } from '../../src/suites.js';
import { SUITE_NAMES } from '../../src/suites.js';
import type { Vector } from './form.js';
import { sha256Hex } from './form.js';

/** What a reader said, and what it had released before. */
export interface Outcome {
  readonly verdict: string;
  readonly atEnd: boolean;
  readonly released: Buffer;
}

/** `code`, with `atEnd` where the error carries it. */
export function verdictOf(code: string, atEnd: boolean): string {
  return atEnd ? `${code} at the end` : code;
}

export function wanted({ expect, atEnd, releasedBytes, releasedSha256 }: Vector): string {
  return `${verdictOf(expect, atEnd)}, ${releasedBytes} bytes ${releasedSha256}`;
}

export function said({ verdict, atEnd, released }: Outcome): string {
  return `${verdictOf(verdict, atEnd)}, ${released.length} bytes ${sha256Hex(released)}`;
}

/** Whether an engine serves a suite on this machine. */
export function serves(engine: EngineName, suite: SuiteName): boolean {
  const report = engines().find((row) => row.suite === suite);
  return report?.unavailable[engine] === undefined;
}

/** The options of a vector's reader: `engine` where it serves the suite that the stream names, else another. */
export function readerOptions(vector: Vector, engine: EngineName = 'node'): DecryptOptions {
  const named = SUITE_NAMES[(vector.stream[9] ?? 0) - 1] as SuiteName | undefined;
  return {
    keys: vector.keys.map(rawKey),
    ...(vector.context && { encryptionContext: vector.context }),
    ...vector.limits,
    ...(named !== undefined && serves(engine, named) && { engine }),
  };
}

/** Has the stream opened by a decrypt stream that is given these pieces. */
export async function openInPieces(pieces: Iterable<Uint8Array>, options: DecryptOptions): Promise<Outcome> {
  const stream = createDecryptStream(options);
  const released: Uint8Array[] = [];
  stream.on('data', (bytes: Uint8Array) => released.push(bytes));
  const ended = once(stream, 'end').then(
    () => undefined,
    (error: unknown) => error ?? new Error('The stream failed without an error'),
  );
  const closed = once(stream, 'close').catch(() => undefined);
  for (const piece of pieces) {
    if (stream.destroyed) break;
    if (!stream.write(piece)) await Promise.race([once(stream, 'drain').catch(() => undefined), closed]);
  }
  if (!stream.destroyed) stream.end();
  return outcome(await ended, Buffer.concat(released));
}

/** Has the stream opened at once. Plaintext comes whole or not at all. */
export async function openAtOnce(sealed: Uint8Array, options: DecryptOptions): Promise<Outcome> {
  try {
    return outcome(undefined, await decrypt(sealed, options));
  } catch (error) {
    return outcome(error, Buffer.alloc(0));
  }
}

/** The same provider, and how many key calls it was asked for. */
export function counted(provider: KeyProvider): { provider: KeyProvider; calls: () => number } {
  let calls = 0;
  const unwrap: KeyProvider['unwrap'] = (recipient, request) => {
    calls += 1;
    return provider.unwrap(recipient, request);
  };
  const { id } = provider;
  const { generate, wrap, matches } = bound(provider);
  return { provider: { id, generate, wrap, matches, unwrap }, calls: () => calls };
}

function bound(provider: KeyProvider): Pick<KeyProvider, 'generate' | 'wrap' | 'matches'> {
  return {
    generate: (request) => provider.generate(request),
    wrap: (dataKey, request) => provider.wrap(dataKey, request),
    matches: (recipient) => provider.matches(recipient),
  };
}

function outcome(error: unknown, released: Buffer): Outcome {
  if (error === undefined) return { verdict: 'success', atEnd: false, released };
  const { code = String(error), atEnd = false } = error as { code?: string; atEnd?: boolean };
  return { verdict: code, atEnd, released };
}
