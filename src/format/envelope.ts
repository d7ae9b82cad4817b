import { equalBytes } from '../bytes.js';
import { MAX_KEY_NAME_BYTES, MAX_RECIPIENTS, MAX_SECTION_SIZE, MAX_WRAPPED_BYTES } from '../limits.js';
import { entryOf, joined, joinedBare } from './joined-envelope.js';
import { malformed } from './malformed.js';
import type { Fields } from './pack-reader.js';
import { PackReader, text } from './pack-reader.js';
import type { Recipient } from './stream-header.js';

interface RawRecipient {
  readonly provider: Uint8Array;
  readonly key: Uint8Array;
  readonly wrapped: Uint8Array;
}

interface RawEnvelope {
  readonly recipients: readonly Recipient[];
  readonly pad?: Uint8Array;
}

const MAX_PROVIDER_BYTES = 64;

const RECIPIENT: Fields<RawRecipient> = {
  provider: { required: true, read: (reader) => reader.strBytes(1, MAX_PROVIDER_BYTES, isProviderName) },
  key: { required: true, read: (reader) => reader.strBytes(1, MAX_KEY_NAME_BYTES) },
  wrapped: { required: true, read: (reader) => reader.bin(1, MAX_WRAPPED_BYTES) },
};

const ENVELOPE: Fields<RawEnvelope> = {
  recipients: { required: true, read: readRecipients },
  pad: { required: false, read: (reader) => reader.bin(0, MAX_SECTION_SIZE, isZeros) },
};

/**
 * Decodes an envelope, or its first bytes.
 *
 * @returns undefined if `bytes` is only a legal prefix
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function decodeEnvelope(bytes: Uint8Array, declaredLength: number): readonly Recipient[] | undefined {
  return PackReader.read(bytes, declaredLength, (reader) => reader.map(ENVELOPE).recipients);
}

/**
 * Encodes an envelope, padded to a multiple of 1,024 bytes unless `padding` is false.
 *
 * @throws SealpipeError `ERR_SEALPIPE_LIMIT` if the recipients take more than an envelope may
 */
export function encodeEnvelope(recipients: readonly Recipient[], padding = true): Uint8Array {
  const parts = { entries: recipients.map(entryOf), before: [], behind: [] };
  return padding ? joined(parts) : joinedBare(parts);
}

function readRecipients(reader: PackReader): Recipient[] {
  const seen: RawRecipient[] = [];
  return reader.array(1, MAX_RECIPIENTS, () => {
    const raw = reader.map(RECIPIENT);
    if (seen.some((other) => equalBytes(other.provider, raw.provider) && equalBytes(other.key, raw.key))) {
      throw malformed('two recipients share provider and key');
    }
    seen.push(raw);
    return recipientOf(raw);
  });
}

/** Reads one recipient, independent of the others. */
export function readRecipient(reader: PackReader): Recipient {
  return recipientOf(reader.map(RECIPIENT));
}

function recipientOf(raw: RawRecipient): Recipient {
  return { provider: text(raw.provider), key: text(raw.key), wrapped: new Uint8Array(raw.wrapped) };
}

function isProviderName(bytes: Uint8Array): boolean {
  return bytes.every(
    (byte) =>
      (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e,
  );
}

function isZeros(bytes: Uint8Array): boolean {
  let any = 0;
  for (let i = 0; i < bytes.length; i++) any |= bytes[i]!;
  return any === 0;
}
