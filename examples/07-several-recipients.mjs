// @ts-check
/*
 * Several recipients: one stream, one data key, wrapped for KMS and for an offline key. Either of the two opens the
 * stream. The first provider generates the data key, the others wrap it (with AWS: kms:Encrypt).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { decrypt, encrypt, rawKey, readHeader } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';

const localKms = createLocalKms();
const client = new KMSClient(localKms.clientConfig);
const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
const daily = kms({ keyId: KeyMetadata?.Arn ?? '', client });
const inTheSafe = rawKey({ name: 'offline-2026', key: randomBytes(32) });
const stranger = rawKey({ name: 'stranger', key: randomBytes(32) });

const encryptionContext = { purpose: 'backup' };
const sealed = await encrypt('the ledger', { keys: [daily, inTheSafe], encryptionContext });

const { recipients } = await readHeader(sealed);
console.log(`sealed for ${recipients.map(({ provider, key }) => `${provider} ${key}`).join(' and ')}`);
assert.equal(recipients.length, 2);

assert.equal(String(await decrypt(sealed, { keys: daily })), 'the ledger');
await localKms.close(); // KMS is out of reach
await assert.rejects(decrypt(sealed, { keys: daily }), { name: 'SealpipeError' });
assert.equal(String(await decrypt(sealed, { keys: inTheSafe })), 'the ledger');
console.log('opened with KMS, and without it with the offline key');

await assert.rejects(decrypt(sealed, { keys: stranger }), { code: 'ERR_SEALPIPE_KEY_MISMATCH' });
client.destroy();
