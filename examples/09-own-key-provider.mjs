// @ts-check
/*
 * Your own key provider: data keys wrapped for an X25519 public key. The machine that seals holds no secret;
 * only the holder of the private key can open.
 *
 * A wrapped key is `ephemeral public key(32) ‖ AES-256-GCM(data key) ‖ tag(16)`. The key of that one message comes
 * from the shared secret, both public keys and the encryption context, so a wrapped key opens only in its context.
 */
import assert from 'node:assert/strict';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomFillSync,
} from 'node:crypto';
import { decrypt, encrypt, SealpipeError } from 'sealpipe';

/**
 * @import { KeyObject } from 'node:crypto'
 * @import { KeyProvider, KeyRequest, Recipient } from 'sealpipe'
 */

const PROVIDER = 'example.x25519'; // a private name has a dot
const PUBLIC_SIZE = 32;
const TAG_SIZE = 16;
const MAX_DATA_KEY_SIZE = 1_024;
const NONCE = Buffer.alloc(12); // the key is used once

/** @implements {KeyProvider} */
class X25519Keys {
  #publicKey;
  #privateKey;
  #name;

  /**
   * @param {KeyObject} publicKey
   * @param {KeyObject} [privateKey] only to open
   */
  constructor(publicKey, privateKey) {
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
    this.#name = rawPublicKey(publicKey).toString('base64url');
    this.id = `${PROVIDER}:${this.#name}`;
  }

  /** @param {KeyRequest} request */
  async generate(request) {
    const dataKey = randomFillSync(new Uint8Array(request.dataKeyBytes));
    try {
      return { dataKey, recipient: await this.wrap(dataKey, request) };
    } catch (error) {
      dataKey.fill(0);
      throw error;
    }
  }

  /**
   * @param {Uint8Array} dataKey
   * @param {KeyRequest} request
   * @returns {Promise<Recipient>}
   */
  async wrap(dataKey, { contextBytes, signal }) {
    signal.throwIfAborted();
    const ephemeral = generateKeyPairSync('x25519');
    const publicBytes = rawPublicKey(ephemeral.publicKey);
    const key = this.#messageKey(ephemeral.privateKey, this.#publicKey, publicBytes, contextBytes);
    try {
      const cipher = createCipheriv('aes-256-gcm', key, NONCE);
      const ciphertext = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      const wrapped = Buffer.concat([publicBytes, ciphertext, cipher.getAuthTag()]);
      return { provider: PROVIDER, key: this.#name, wrapped };
    } finally {
      key.fill(0);
    }
  }

  /** @param {Recipient} recipient */
  matches({ provider, key }) {
    return this.#privateKey !== undefined && provider === PROVIDER && key === this.#name;
  }

  /**
   * @param {Recipient} recipient
   * @param {KeyRequest} request
   */
  async unwrap({ wrapped }, { contextBytes, dataKeyBytes, signal }) {
    signal.throwIfAborted();
    const size = wrapped.length - PUBLIC_SIZE - TAG_SIZE;
    if (this.#privateKey === undefined || size < dataKeyBytes || size > MAX_DATA_KEY_SIZE) throw notOurs();
    const bytes = Buffer.from(wrapped);
    const publicBytes = bytes.subarray(0, PUBLIC_SIZE);
    /** @type {Uint8Array | undefined} */
    let key;
    /** @type {Uint8Array | undefined} */
    let opened;
    try {
      key = this.#messageKey(this.#privateKey, publicKeyOf(publicBytes), publicBytes, contextBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_SIZE });
      decipher.setAuthTag(bytes.subarray(-TAG_SIZE));
      opened = decipher.update(bytes.subarray(PUBLIC_SIZE, -TAG_SIZE));
      decipher.final();
      return Uint8Array.from(opened); // a copy for the caller, who wipes it
    } catch (cause) {
      throw notOurs(cause);
    } finally {
      key?.fill(0);
      opened?.fill(0);
    }
  }

  /**
   * @param {KeyObject} privateKey
   * @param {KeyObject} publicKey
   * @param {Uint8Array} ephemeralBytes
   * @param {Uint8Array} contextBytes
   */
  #messageKey(privateKey, publicKey, ephemeralBytes, contextBytes) {
    const secret = diffieHellman({ privateKey, publicKey });
    const salt = Buffer.concat([ephemeralBytes, rawPublicKey(this.#publicKey)]);
    try {
      const info = createHash('sha256').update(PROVIDER).update('\0').update(contextBytes).digest();
      return new Uint8Array(hkdfSync('sha512', secret, salt, info, 32));
    } finally {
      secret.fill(0);
    }
  }
}

/** @param {KeyObject} publicKey */
function rawPublicKey(publicKey) {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** @param {Buffer} bytes */
function publicKeyOf(bytes) {
  const jwk = { kty: 'OKP', crv: 'X25519', x: bytes.toString('base64url') };
  return createPublicKey({ format: 'jwk', key: jwk });
}

/** A reader sets the recipient aside and tries the next. @param {unknown} [cause] */
function notOurs(cause) {
  return new SealpipeError('ERR_SEALPIPE_AUTHENTICATION', 'The wrapped key does not open here', { cause });
}

const { publicKey, privateKey } = generateKeyPairSync('x25519');
const writer = new X25519Keys(publicKey);
const reader = new X25519Keys(publicKey, privateKey);

const sealed = await encrypt('a letter', { keys: writer, encryptionContext: { to: 'archive' } });
assert.equal(
  String(await decrypt(sealed, { keys: reader, encryptionContext: { to: 'archive' } })),
  'a letter',
);
await assert.rejects(decrypt(sealed, { keys: writer }), { code: 'ERR_SEALPIPE_KEY_MISMATCH' });
console.log(`sealed for ${writer.id}`);
console.log('the reader opened it; the writer, which has no private key, cannot');
