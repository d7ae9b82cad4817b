import type { Engine, FrameCipher } from '../crypto/aead.js';
import { pickEngine } from '../crypto/engines.js';
import { deriveStreamKeys, sha256 } from '../crypto/key-schedule.js';
import { equalSecrets, wipe } from '../crypto/secret.js';
import { SUITES } from '../crypto/suites.js';
import { abortError, isSealpipeError, SealpipeError } from '../errors.js';
import type { CanonicalContext } from '../format/encryption-context.js';
import { includesContext } from '../format/encryption-context.js';
import { MAX_DATA_KEY_BYTES } from '../format/limits.js';
import type { Preamble } from '../format/preamble.js';
import { prologueParameters } from '../format/prologue.js';
import type { Recipient } from '../format/stream-header.js';
import type { FrameLayout } from '../frames/layout.js';
import type { KeyProvider, KeyRequest } from '../keys/provider.js';
import type { DecryptSettings } from './decrypt-options.js';
import type { KeyMessage, Service } from './diagnostics.js';
import { explained, keyCall, wipeDataKey } from './key-call.js';

/** What the frames of a stream are opened with. */
export interface OpenSetup {
  readonly cipher: FrameCipher;
  readonly layout: FrameLayout;
  readonly service: Service;
}

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
): Promise<OpenSetup> {
  const { suite, recipients } = preamble.header;
  const engine = pickEngine(suite, settings.engine);
  const dataKeyBytes = SUITES[suite].keySize;
  const request: KeyRequest = { ...requiredContext(preamble, settings), dataKeyBytes, signal };
  const failures: Failures = { matched: false };
  for (const [recipient, provider] of candidates(recipients, settings.keys, failures)) {
    const dataKey = await unwrap(provider, recipient, request, failures);
    if (dataKey === undefined) continue;
    try {
      const setup = setUpWith(dataKey, preamble, request, engine);
      if (setup !== undefined) return { ...setup, service: { engine: engine.name, recipient } };
    } finally {
      wipeDataKey(dataKey);
    }
  }
  throw verdict(failures, recipients, settings.keys);
}

/** Why no recipient has served so far: the first failure of each kind. */
interface Failures {
  /** A recipient was one of ours. */
  matched: boolean;
  /** The wrapped key did not open. */
  setAside?: unknown;
  /** The call itself failed. */
  failed?: unknown;
  /** The provider found out late that the recipient is not its own. */
  notOurs?: unknown;
}

/** The recipients in the stream's order, each with every provider that would try it. */
function* candidates(
  recipients: readonly Recipient[],
  keys: readonly KeyProvider[],
  failures: Failures,
): Generator<readonly [Recipient, KeyProvider]> {
  for (const recipient of recipients) {
    for (const provider of keys) if (matches(provider, recipient, failures)) yield [recipient, provider];
  }
}

/** A provider that throws here has failed: it does not keep the others from their turn. */
function matches(provider: KeyProvider, recipient: Recipient, failures: Failures): boolean {
  try {
    return provider.matches(recipient);
  } catch (error) {
    failures.failed ??= explained(error);
    return false;
  }
}

async function unwrap(
  provider: KeyProvider,
  recipient: Recipient,
  request: KeyRequest,
  failures: Failures,
): Promise<Uint8Array | undefined> {
  try {
    const message: KeyMessage = { operation: 'unwrap', provider: provider.id };
    const dataKey = await keyCall(
      message,
      request.signal,
      () => provider.unwrap(recipient, request),
      wipeDataKey,
    );
    failures.matched = true;
    return dataKey;
  } catch (error) {
    if (request.signal.aborted) throw abortError(request.signal);
    const code = isSealpipeError(error) ? error.code : undefined;
    if (code === 'ERR_SEALPIPE_KEY_MISMATCH') {
      failures.notOurs ??= error;
      return undefined;
    }
    failures.matched = true;
    if (code === 'ERR_SEALPIPE_AUTHENTICATION') failures.setAside ??= error;
    else failures.failed ??= error;
    return undefined;
  }
}

/** Derives the keys of the stream; undefined where the data key is of an illegal length or misses the commitment. */
function setUpWith(
  dataKey: Uint8Array,
  { header, prologueBytes, boundBytes }: Preamble,
  { contextBytes, dataKeyBytes }: KeyRequest,
  engine: Engine,
): Omit<OpenSetup, 'service'> | undefined {
  if (
    !(dataKey instanceof Uint8Array) ||
    dataKey.length < dataKeyBytes ||
    dataKey.length > MAX_DATA_KEY_BYTES
  ) {
    return undefined;
  }
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
      cipher: engine.create(suite, keys.frameKey, keys.baseNonce),
      layout: { layout, frameSize, aad: contextDigest },
    };
  } finally {
    wipe(keys.frameKey, keys.baseNonce);
  }
}

/** The context to unwrap under: the stream's own, or the caller's where the stream withholds it. */
function requiredContext(preamble: Preamble, { context }: DecryptSettings): CanonicalContext {
  const { encryptionContext } = preamble.header;
  if (encryptionContext === null || preamble.contextBytes === null) {
    if (context !== undefined) return context;
    throw new SealpipeError(
      'ERR_SEALPIPE_CONTEXT',
      'The stream withholds its encryption context: give the whole of it as `encryptionContext` ({} if it is empty)',
    );
  }
  if (context !== undefined && !includesContext(encryptionContext, context.encryptionContext)) {
    throw new SealpipeError(
      'ERR_SEALPIPE_CONTEXT',
      "The stream's encryption context lacks a pair that `encryptionContext` requires: it is another stream, or was made for another purpose",
    );
  }
  return { encryptionContext, contextBytes: preamble.contextBytes };
}

function verdict(
  failures: Failures,
  recipients: readonly Recipient[],
  keys: readonly KeyProvider[],
): unknown {
  if (failures.failed !== undefined) return failures.failed;
  if (failures.matched) {
    return new SealpipeError(
      'ERR_SEALPIPE_AUTHENTICATION',
      'The stream is not authentic: it was altered, or made with another key or encryption context',
      { cause: failures.setAside },
    );
  }
  if (failures.notOurs !== undefined) return failures.notOurs;
  const sealedFor = recipients.map(({ provider, key }) => `${provider} ${JSON.stringify(key)}`).join(', ');
  return new SealpipeError(
    'ERR_SEALPIPE_KEY_MISMATCH',
    `None of the stream's recipients (${sealedFor}) is one of the \`keys\` (${keys.map(({ id }) => id).join(', ')})`,
  );
}
