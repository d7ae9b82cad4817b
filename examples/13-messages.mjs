// @ts-check
/*
 * Messages: what fits in memory, sealed and opened at once. `decrypt` gives all of the plaintext or none of it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, isSealpipeError, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'sessions', key: randomBytes(32) });
const encryptionContext = { purpose: 'session', user: '4711' };

const sealed = await encrypt(JSON.stringify({ cart: [17, 4] }), { keys, encryptionContext });
const session = JSON.parse(String(await decrypt(sealed, { keys, encryptionContext })));
assert.deepEqual(session, { cart: [17, 4] });
console.log(`${sealed.length} bytes sealed; opened: ${JSON.stringify(session)}`);

const altered = Buffer.from(sealed);
altered[altered.length - 20] = (altered[altered.length - 20] ?? 0) ^ 1;
const refusal = await decrypt(altered, { keys }).catch((error) => error);
assert(isSealpipeError(refusal));
assert.equal(refusal.code, 'ERR_SEALPIPE_AUTHENTICATION');
console.log(`one bit flipped: ${refusal.code}`);
