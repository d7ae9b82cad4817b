import { createHash } from 'node:crypto';

/**
 * The content of a CiphertextBlob of this KMS:
 *
 * `"SLK" ‖ 01 ‖ key id(16) ‖ key material id(32) ‖ salt(32) ‖ ciphertext(n) ‖ tag(16) ‖ checksum(8)`
 *
 * The checksum is the start of SHA-256 over all before it. It does not protect against attackers (the tag does): it
 * distinguishes a damaged ciphertext from an intact one whose key does not exist here.
 */
export interface CiphertextBlob {
  readonly keyId: string;
  readonly materialId: string;
  /** Everything before the ciphertext; bound by the tag. */
  readonly header: Uint8Array;
  readonly salt: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

const MAGIC = Buffer.from([0x53, 0x4c, 0x4b, 0x01]);
const KEY_ID_AT = MAGIC.length;
const MATERIAL_ID_AT = KEY_ID_AT + 16;
const SALT_AT = MATERIAL_ID_AT + 32;
const HEADER_BYTES = SALT_AT + 32;
export const TAG_BYTES = 16;
const CHECKSUM_BYTES = 8;

/** Everything of a blob that comes before the ciphertext. */
export function blobHeader(keyId: string, materialId: string, salt: Uint8Array): Buffer {
  const id = Buffer.from(keyId.replaceAll('-', ''), 'hex');
  return Buffer.concat([MAGIC, id, Buffer.from(materialId, 'hex'), salt], HEADER_BYTES);
}

export function encodeBlob(header: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array): Buffer {
  const body = Buffer.concat([header, ciphertext, tag]);
  return Buffer.concat([body, checksum(body)]);
}

/** Parses a blob into views; undefined if no KMS of this kind can have written it. */
export function decodeBlob(blob: Buffer): CiphertextBlob | undefined {
  const end = blob.length - CHECKSUM_BYTES;
  const tagAt = end - TAG_BYTES;
  if (tagAt < HEADER_BYTES || !blob.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (!checksum(blob.subarray(0, end)).equals(blob.subarray(end))) return undefined;
  const id = blob.toString('hex', KEY_ID_AT, MATERIAL_ID_AT);
  return {
    keyId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    materialId: blob.toString('hex', MATERIAL_ID_AT, SALT_AT),
    header: blob.subarray(0, HEADER_BYTES),
    salt: blob.subarray(SALT_AT, HEADER_BYTES),
    ciphertext: blob.subarray(HEADER_BYTES, tagAt),
    tag: blob.subarray(tagAt, end),
  };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
