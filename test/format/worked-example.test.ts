import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { bytesOf, exampleStream, groupsOf, workedExample } from '../reference/worked-example.js';
import { sealHere } from '../vectors/our-writer.js';

const example = workedExample();
const value = (...labels: readonly string[]): Buffer => bytesOf(example, ...labels);
const stream = exampleStream(example);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const hkdf = (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync('sha512', ikm, salt, info, length));
const u32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};

/** Decrypts AES-256-GCM; the tag is behind the ciphertext. */
function opened(key: Uint8Array, nonce: Uint8Array, sealed: Buffer, aad: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

/** Whether groups of hex, some with their middle left out, stand for these bytes. */
function standsFor(groups: readonly string[], bytes: Buffer): boolean {
  let rest = bytes.toString('hex');
  for (const group of groups) {
    const [start = '', end = ''] = group.split('\u2026');
    const length = group.includes('\u2026') ? 64 : start.length;
    if (!rest.startsWith(start) || !rest.slice(0, length).endsWith(end)) return false;
    rest = rest.slice(length);
  }
  return rest === '';
}

const contextDigest = sha256(value('contextBytes'));
const info = Buffer.concat([
  Buffer.from('sealpipe/1\0'),
  value('prologue[0..20)').subarray(8, 12),
  sha256(value('bound (23)')),
  contextDigest,
]);
const rawInfo = Buffer.concat([
  Buffer.from('sealpipe/1 raw\0'),
  u32('vectors'.length),
  Buffer.from('vectors'),
  contextDigest,
]);
const wrapped = value('envelope (129)').subarray(-80);

describe('the worked example of the format', () => {
  it('has lengths and digests that are true', () => {
    expect(value('bound (23)')).toHaveLength(23);
    expect(value('envelope (129)')).toHaveLength(129);
    expect(value('prologue[0..20)').subarray(12)).toEqual(Buffer.concat([u32(23), u32(129)]));
    expect(value('contextDigest')).toEqual(contextDigest);
    expect(value('SHA-256(bound)')).toEqual(sha256(value('bound (23)')));
    expect([info.length, standsFor(groupsOf(example, 'info (79)'), info)]).toEqual([79, true]);
    expect([rawInfo.length, standsFor(groupsOf(example, 'info of raw (58)'), rawInfo)]).toEqual([58, true]);
  });

  it('has keys that follow from the wrapping key', () => {
    const kek = hkdf(value('wrapping key'), wrapped.subarray(0, 32), rawInfo, 44);
    expect(value('kek, its nonce')).toEqual(kek);
    const dataKey = opened(kek.subarray(0, 32), kek.subarray(32), wrapped.subarray(32), Buffer.alloc(0));
    expect(value('data key')).toEqual(dataKey);
    const salt = value('salt');
    expect(value('PRK (salt, data key)')).toEqual(createHmac('sha512', salt).update(dataKey).digest());
    const derive = (label: string, length: number) =>
      hkdf(dataKey, salt, Buffer.concat([info, Buffer.from(label)]), length);
    expect(value('commitment')).toEqual(derive('commitment', 32));
    expect(value('frameKey', 'baseNonce, nonce(0)')).toEqual(derive('frames', 44));
  });

  it('has a frame that opens to its plaintext', () => {
    const frame = value('frame 0');
    const aad = Buffer.concat([contextDigest, frame.subarray(0, 4)]);
    const plaintext = opened(value('frameKey'), value('baseNonce, nonce(0)'), frame.subarray(4), aad);
    expect(value('plaintext')).toEqual(plaintext);
  });

  it('has no value that is not looked at here', () => {
    expect(example.size).toBe(18);
    expect(stream).toHaveLength(84 + 23 + 129 + 40);
  });

  it('opens', async () => {
    const keys = rawKey({ name: 'vectors', key: value('wrapping key') });
    expect(await decrypt(stream, { keys, encryptionContext: {} })).toEqual(value('plaintext'));
    expect(await readHeader(stream)).toMatchObject({
      suite: 'AES-256-GCM',
      frameSize: 4_096,
      layout: 'record',
      created: 1_767_225_600_000,
      recipients: [{ provider: 'raw', key: 'vectors', wrapped: new Uint8Array(wrapped) }],
    });
  });

  it('is what this library seals from its inputs', () => {
    const sealed = sealHere({
      suite: 'AES-256-GCM',
      layout: 'record',
      frameSizeLog2: 12,
      dataKey: value('data key'),
      salt: value('salt'),
      created: 1_767_225_600,
      context: [],
      withholdContext: false,
      recipients: [{ provider: 'raw', key: 'vectors', wrapped }],
      padding: false,
      frames: [[1, 20]],
      plaintext: value('plaintext'),
    });
    expect(sealed.toString('hex')).toBe(stream.toString('hex'));
  });
});
