import { randomBytes } from 'node:crypto';
import { copyOf, wipe } from '../../bytes.js';
import { deriveClaimKey, deriveStreamKeys, sha256 } from '../../crypto/key-schedule.js';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import { encodeBound } from '../../format/bound.js';
import { encodeEnvelope } from '../../format/envelope.js';
import { loadPackWriter } from '../../format/pack-writer.js';
import { encodePreamble, PreambleReader } from '../../format/preamble.js';
import { encodePrologue, prologueParameters, SALT_SIZE } from '../../format/prologue.js';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';
import type { KeyRequest, KeyUsage } from '../../keys/provider.js';
import {
  assertNotWiped,
  checkGenerated,
  checkRecipient,
  illegalRecipient,
  wipeGenerated,
} from '../../keys/provider-answer.js';
import { COMMITMENT_SIZE, SUITES } from '../../suites.js';
import { quoted, shortened } from '../../text/printable.js';
import type { KeyMessage } from '../diagnostics.js';
import type { EncryptSettings } from '../encrypt-options.js';
import { keyCall } from './key-call.js';
import type { Setup } from './setup.js';

/** The beginning of a stream, and its keys. */
export interface SealSetup extends Setup {
  readonly preamble: Uint8Array;
  /** Present if it was requested. The caller wipes it. */
  readonly claimKey?: Buffer;
}

/** The values that make a stream unique. Fixed values are for test vectors only: repeated ones break the cipher. */
export interface Freshness {
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /** Unix seconds. */
  readonly created: number;
}

/** Generates and wraps the data key, and builds the head of a stream. */
export async function setUpSeal(
  settings: EncryptSettings,
  usage: KeyUsage,
  signal: AbortSignal,
  wantsClaims = false,
): Promise<SealSetup> {
  const created = unixSeconds();
  const [first, ...others] = settings.keys;
  const { encryptionContext, contextBytes } = settings.context;
  const dataKeyBytes = SUITES[settings.suite].keySize;
  // Each call gets a copy, so that it cannot change the context under which the stream is sealed.
  const request = (): KeyRequest => ({
    encryptionContext,
    contextBytes: copyOf(contextBytes),
    dataKeyBytes,
    usage,
    signal,
  });
  const packing = loadPackWriter();
  const message: KeyMessage = { operation: 'generate', provider: first!.id };
  const generated = await keyCall(message, signal, () => first!.generate(request()), wipeGenerated);
  try {
    const { dataKey, recipient } = checkGenerated(generated, dataKeyBytes);
    const recipients = [recipient];
    for (const provider of others) {
      const wrapping: KeyMessage = { operation: 'wrap', provider: provider.id };
      const wrapped = await keyCall(wrapping, signal, () => provider.wrap(dataKey, request()));
      recipients.push(checkRecipient(wrapped));
    }
    await packing;
    // A provider may have written into it during the calls.
    assertNotWiped(dataKey);
    const fresh = { salt: randomBytes(SALT_SIZE), created };
    return composeSeal(settings, dataKey, recipients, fresh, wantsClaims);
  } finally {
    wipeGenerated(generated);
  }
}

/** The time that a stream records. The format cannot hold times before 1970. */
function unixSeconds(): number {
  const now = Date.now();
  if (Number.isFinite(now) && now >= 0) return Math.floor(now / 1_000);
  throw optionsRangeError(
    `The clock is wrong: it says ${now}, a time before 1970, which no stream can record. Set it right, or the fake timers that stand for it`,
  );
}

/**
 * Builds the head of a stream from a data key and its wrappings. Call after `loadPackWriter`. Never exported from the
 * package.
 */
export function composeSeal(
  settings: EncryptSettings,
  dataKey: Uint8Array,
  recipients: readonly Recipient[],
  { salt, created }: Freshness,
  wantsClaims = false,
): SealSetup {
  const { suite, frameSize, layout, context, withholdContext, envelopePadding, content, chain } = settings;
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
  const derivation = { suite: SUITES[suite], salt, parameters, boundBytes, contextDigest };
  const keys = deriveStreamKeys(dataKey, derivation);
  try {
    const { commitment, frameKey, baseNonce } = keys;
    // In its own memory, because it leaves the process.
    const envelopeBytes = encodeEnvelope(recipients, envelopePadding);
    const preamble = copyOf(encodePreamble({ ...prologue, commitment }, boundBytes, envelopeBytes));
    const header = readBack(preamble);
    return {
      header,
      preamble,
      cipher: settings.sealEngine.create(suite, frameKey, baseNonce),
      layout: { layout, frameSize, aad: contextDigest },
      service: { engine: settings.sealEngine.name, recipient: header.recipients[0]! },
      ...(wantsClaims && { claimKey: deriveClaimKey(dataKey, derivation) }),
    };
  } finally {
    wipe(keys.frameKey, keys.baseNonce);
  }
}

/** Checked, so that no preamble is written that a strict reader would refuse. */
function readBack(preamble: Uint8Array): StreamHeader {
  try {
    return new PreambleReader().take(preamble, 0).preamble!.header;
  } catch (cause) {
    throw illegalRecipient(cause);
  }
}

function assertDistinct(recipients: readonly Recipient[]): void {
  const names = recipients.map(({ provider, key }) => JSON.stringify([provider, key]));
  const twice = recipients.find((_, i) => names.indexOf(names[i]!) !== i);
  if (twice !== undefined)
    throw optionsTypeError(`Two of the given keys are the same key ${quoted(shortened(twice.key))}`);
}
