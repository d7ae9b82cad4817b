// @ts-check
/*
 * Required context: if somebody replaces a sealed object with another one under the same key, it still opens. Put the
 * object's identity into the encryption context, and require it when you open.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, rawKey, readHeader } from 'sealpipe';

const keys = rawKey({ name: 'payroll', key: randomBytes(32) });

/** @type {Map<string, Buffer>} */
const bucket = new Map();
/** @param {string} object @param {string} plaintext */
const put = async (object, plaintext) =>
  bucket.set(object, await encrypt(plaintext, { keys, encryptionContext: { purpose: 'payroll', object } }));
/** @param {string} object */
const get = async (object) =>
  String(await decrypt(bucket.get(object) ?? Buffer.alloc(0), { keys, encryptionContext: { object } }));

await put('salary/alice', '5000');
await put('salary/bob', '4000');
assert.equal(await get('salary/alice'), '5000');

// Somebody with access to the bucket, but to no key, copies one object over the other.
bucket.set('salary/bob', bucket.get('salary/alice') ?? Buffer.alloc(0));
await assert.rejects(get('salary/bob'), { code: 'ERR_SEALPIPE_CONTEXT' });
console.log('an object in the place of another was refused before any key call');

// The context is readable in the stream. If it must not be, withhold it; the reader must then supply all of it.
const encryptionContext = { patient: '1234' };
const withheld = await encrypt('a finding', { keys, encryptionContext, withholdContext: true });
assert.equal((await readHeader(withheld)).encryptionContext, null);
assert(!withheld.includes('1234'));
await assert.rejects(decrypt(withheld, { keys }), { code: 'ERR_SEALPIPE_CONTEXT' });
assert.equal(String(await decrypt(withheld, { keys, encryptionContext })), 'a finding');
console.log('a withheld context appears nowhere in the stream');
