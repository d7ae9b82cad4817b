import { randomBytes } from 'node:crypto';
import { copyOf } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { deriveStreamKeys, sha256 } from '../crypto/key-schedule.js';
import { wipe } from '../crypto/secret.js';
import { SUITES } from '../crypto/suites.js';
import { optionsTypeError } from '../errors.js';
import { encodeBound } from '../format/bound.js';
import { encodeEnvelope } from '../format/envelope.js';
import { MAX_DATA_KEY_BYTES } from '../format/limits.js';
import { encodePreamble, PreambleReader } from '../format/preamble.js';
import { COMMITMENT_SIZE, encodePrologue, prologueParameters, SALT_SIZE } from '../format/prologue.js';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import type { FrameLayout } from '../frames/layout.js';
import type { GeneratedKey, KeyRequest, KeyUsage } from '../keys/provider.js';
import type { KeyMessage, Service } from './diagnostics.js';
import type { EncryptSettings } from './encrypt-options.js';
import { keyCall, wipeDataKey } from './key-call.js';

/** Everything that a stream begins with. */
export interface SealSetup {
  readonly header: StreamHeader;
  readonly preamble: Uint8Array;
  readonly cipher: FrameCipher;
  readonly layout: FrameLayout;
  readonly service: Service;
}

/** What makes a stream unlike any other. Fixed values are for test vectors alone: repeated ones break the cipher. */
export interface Freshness {
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /** Unix seconds. */
  readonly created: number;
}

/** Has the data key made and wrapped, and puts the head of a stream together. */
export async function setUpSeal(
  settings: EncryptSettings,
  usage: KeyUsage,
  signal: AbortSignal,
): Promise<SealSetup> {
  const [first, ...others] = settings.keys;
  const request: KeyRequest = {
    ...settings.context,
    dataKeyBytes: SUITES[settings.suite].keySize,
    usage,
    signal,
  };
  const message: KeyMessage = { operation: 'generate', provider: first!.id };
  const generated = await keyCall(message, signal, () => first!.generate(request), discard);
  try {
    const { dataKey, recipient } = assertGenerated(generated, request.dataKeyBytes);
    const recipients = [recipient];
    for (const provider of others) {
      const wrapping: KeyMessage = { operation: 'wrap', provider: provider.id };
      recipients.push(await keyCall(wrapping, signal, () => provider.wrap(dataKey, request)));
    }
    const freshness = { salt: randomBytes(SALT_SIZE), created: Math.floor(Date.now() / 1_000) };
    return composeSeal(settings, dataKey, recipients, freshness);
  } finally {
    discard(generated);
  }
}

/** Puts the head of a stream together from a data key and its wrappings. Never exported from the package. */
export function composeSeal(
  settings: EncryptSettings,
  dataKey: Uint8Array,
  recipients: readonly Recipient[],
  { salt, created }: Freshness,
): SealSetup {
  const { suite, frameSize, layout, context, withholdContext, content, chain } = settings;
  assertRecipients(recipients);
  assertDistinct(recipients);
  const boundBytes = encodeBound({
    context: withholdContext ? null : context,
    created,
    ...(content && { content }),
    ...(chain && { chain }),
  });
  const prologue = { suite, frameSize, layout, salt, commitment: Buffer.alloc(COMMITMENT_SIZE) };
  const parameters = prologueParameters(encodePrologue({ ...prologue, boundLength: 0, envelopeLength: 0 }));
  const contextDigest = sha256(context.contextBytes);
  const keys = deriveStreamKeys(dataKey, {
    suite: SUITES[suite],
    salt,
    parameters,
    boundBytes,
    contextDigest,
  });
  try {
    const { commitment, frameKey, baseNonce } = keys;
    // In memory of its own: it leaves.
    const preamble = copyOf(
      encodePreamble({ ...prologue, commitment }, boundBytes, encodeEnvelope(recipients)),
    );
    return {
      header: readBack(preamble),
      preamble,
      cipher: settings.sealEngine.create(suite, frameKey, baseNonce),
      layout: { layout, frameSize, aad: contextDigest },
      service: { engine: settings.sealEngine.name, recipient: recipients[0]! },
    };
  } finally {
    wipe(keys.frameKey, keys.baseNonce);
  }
}

/** No preamble leaves that a strict reader would not take. */
function readBack(preamble: Uint8Array): StreamHeader {
  try {
    return new PreambleReader().take(preamble, 0).preamble!.header;
  } catch (cause) {
    throw Object.assign(illegalRecipient(), { cause });
  }
}

/** What `encodeEnvelope` relies on; the rest is up to `readBack`. */
function assertRecipients(recipients: readonly unknown[]): void {
  for (const recipient of recipients) {
    const { provider, key, wrapped } = (recipient ?? {}) as Partial<Recipient>;
    if (typeof provider !== 'string' || typeof key !== 'string' || !(wrapped instanceof Uint8Array)) {
      throw illegalRecipient();
    }
  }
}

function illegalRecipient(): TypeError {
  return optionsTypeError(
    'A key provider gave a recipient that no stream may have: see FORMAT.md, section 2',
  );
}

function assertGenerated(generated: unknown, atLeast: number): GeneratedKey {
  const { dataKey } = (generated ?? {}) as Partial<GeneratedKey>;
  if (!(dataKey instanceof Uint8Array) || dataKey.length < atLeast || dataKey.length > MAX_DATA_KEY_BYTES) {
    throw optionsTypeError(
      `The key provider must generate a data key of ${atLeast} to ${MAX_DATA_KEY_BYTES} bytes`,
    );
  }
  return generated as GeneratedKey;
}

function assertDistinct(recipients: readonly Recipient[]): void {
  const names = recipients.map(({ provider, key }) => JSON.stringify([provider, key]));
  const twice = recipients.find((_, i) => names.indexOf(names[i]!) !== i);
  if (twice !== undefined)
    throw optionsTypeError(`Two of the \`keys\` are the same key ${JSON.stringify(twice.key)}`);
}

function discard(late: GeneratedKey): void {
  wipeDataKey(late?.dataKey);
}
