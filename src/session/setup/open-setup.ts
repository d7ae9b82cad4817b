import { wipe } from '../../bytes.js';
import type { Engine } from '../../crypto/aead.js';
import { pickEngine } from '../../crypto/engines.js';
import { deriveStreamKeys, sha256 } from '../../crypto/key-schedule.js';
import { equalSecrets } from '../../crypto/secret.js';
import { SealpipeError } from '../../errors.js';
import type { CanonicalContext } from '../../format/encryption-context.js';
import { includesContext } from '../../format/encryption-context.js';
import { malformed } from '../../format/malformed.js';
import type { Preamble } from '../../format/preamble.js';
import { prologueParameters } from '../../format/prologue.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { KeyRequest } from '../../keys/provider.js';
import { isDataKey } from '../../keys/provider-answer.js';
import { SUITES } from '../../suites.js';
import type { DecryptSettings } from '../decrypt-options.js';
import { RecipientAttempts } from './recipient-attempts.js';
import type { Setup } from './setup.js';

/**
 * Checks the context, has a recipient unwrapped and checks the commitment (FORMAT 2, "Which recipient", and 5).
 *
 * @throws SealpipeError `ERR_SEALPIPE_CONTEXT` before any key call, `_KEY_MISMATCH`, `_AUTHENTICATION`, or the
 * first failure of a key call; an AbortError
 */
export async function setUpOpen(
  preamble: Preamble,
  settings: DecryptSettings,
  signal: AbortSignal,
): Promise<Setup> {
  const { suite, recipients } = preamble.header;
  const engine = pickEngine(suite, settings.engine);
  const dataKeyBytes = SUITES[suite].keySize;
  const request: KeyRequest = { ...streamContext(preamble, settings), dataKeyBytes, signal };
  const attempts = new RecipientAttempts(recipients, settings.keys);
  return attempts.find(request, (dataKey, recipient) => {
    const setup = setUpWith(dataKey, preamble, request, engine);
    return setup && { ...setup, service: { engine: engine.name, recipient } };
  });
}

/** Everything needed to open a stream whose data key is unwrapped. */
export type KeyedSetup = Omit<Setup, 'service'>;

/** Derives the keys of the stream; undefined if the data key has an illegal length or does not match the commitment. */
export function setUpWith(
  dataKey: Uint8Array,
  { header, prologueBytes, boundBytes }: Preamble,
  { contextBytes, dataKeyBytes }: Pick<KeyRequest, 'contextBytes' | 'dataKeyBytes'>,
  engine: Engine,
): KeyedSetup | undefined {
  if (!isDataKey(dataKey, dataKeyBytes)) return undefined;
  const { suite, salt, layout, frameSize } = header;
  const contextDigest = sha256(contextBytes);
  const parameters = prologueParameters(prologueBytes);
  const keys = deriveStreamKeys(dataKey, {
    suite: SUITES[suite],
    salt,
    parameters,
    boundBytes,
    contextDigest,
  });
  try {
    if (!equalSecrets(keys.commitment, header.commitment)) return undefined;
    return {
      header,
      cipher: engine.create(suite, keys.frameKey, keys.baseNonce),
      layout: { layout, frameSize, aad: contextDigest },
    };
  } finally {
    wipe(keys.frameKey, keys.baseNonce);
  }
}

/** The context to unwrap under: the stream's own, or the caller's if the stream withholds it. */
export function streamContext(
  preamble: Preamble,
  { context }: Pick<DecryptSettings, 'context'>,
): CanonicalContext {
  const { encryptionContext } = preamble.header;
  if (encryptionContext === null || preamble.contextBytes === null) {
    if (context !== undefined) return context;
    throw new SealpipeError(
      'ERR_SEALPIPE_CONTEXT',
      'The stream withholds its encryption context, and it was not given',
      { hint: 'Give the whole of it as `encryptionContext` ({} if it is empty)' },
    );
  }
  if (context !== undefined && !includesContext(encryptionContext, context.encryptionContext)) {
    throw new SealpipeError(
      'ERR_SEALPIPE_CONTEXT',
      "The stream's encryption context lacks a pair that is required: it is another stream, or was made for another purpose",
    );
  }
  return { encryptionContext, contextBytes: preamble.contextBytes };
}

/** Passes plaintext on. A segment that closes an archive must hold no plaintext (FORMAT 8). */
export function plaintextGuard(
  { chain }: StreamHeader,
  emit: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  if (!chain?.closed) return emit;
  return () => {
    throw malformed('the segment that closes an archive has plaintext');
  };
}
