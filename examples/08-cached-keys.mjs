// @ts-check
/*
 * Cached keys: many small streams, few key calls. A data key serves streams of one encryption context until it is too
 * old, has served enough streams or has sealed enough bytes. Each stream still has its own salt and frame keys.
 */
import assert from 'node:assert/strict';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { cachedKeys, decrypt, encrypt } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';

const localKms = createLocalKms();
const client = new KMSClient(localKms.clientConfig);
const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
const keys = cachedKeys(kms({ keyId: KeyMetadata?.Arn ?? '', client }), {
  maxAge: 5 * 60_000,
  maxStreams: 50,
  maxBytes: 2 ** 30,
});

const encryptionContext = { purpose: 'session' };
const sealed = [];
for (let i = 0; i < 100; i++) sealed.push(await encrypt(`session ${i}`, { keys, encryptionContext }));
console.log(`sealed 100 messages with ${keys.misses} key calls and ${keys.hits} hits`);
assert.deepEqual([keys.misses, keys.hits], [2, 98]);

for (const [i, message] of sealed.entries()) {
  assert.equal(String(await decrypt(message, { keys, encryptionContext })), `session ${i}`);
}
console.log(`opened them with ${keys.misses - 2} more key calls and ${keys.hits - 98} more hits`);
assert.deepEqual([keys.misses, keys.hits], [4, 196]);

// Another context is another data key.
await encrypt('a report', { keys, encryptionContext: { purpose: 'report' } });
assert.equal(keys.misses, 5);

// Wipes what is held. Until then, or until `maxAge`, a key disabled in KMS goes on working here.
keys.close();
await assert.rejects(encrypt('too late', { keys }), { code: 'ERR_SEALPIPE_OPTIONS' });
client.destroy();
await localKms.close();
