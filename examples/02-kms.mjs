// @ts-check
/*
 * KMS: one data key for each stream, bound to an encryption context. The KMS runs in this process, so that no AWS
 * account is needed; streams use it exactly as they use AWS.
 */
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createDecryptStream, createEncryptStream } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';

const localKms = createLocalKms();
const admin = new KMSClient(localKms.clientConfig);
const { KeyMetadata } = await admin.send(new CreateKeyCommand({ Description: 'backups' }));
await admin.send(new CreateAliasCommand({ AliasName: 'alias/backups', TargetKeyId: KeyMetadata?.KeyId }));

// With AWS, this line is all that changes: kms({ keyId: 'alias/backups', clientConfig: { region: 'eu-west-1' } })
const keys = kms({ keyId: 'alias/backups', clientConfig: localKms.clientConfig });
const encryptionContext = { purpose: 'backup', object: 'db/2026-11-23.dump' };

const seal = createEncryptStream({ keys, encryptionContext });
const open = createDecryptStream({ keys, encryptionContext });
const opened = await pipeline(['one row\n', 'another row\n'], seal, open, text);

assert.equal(opened, 'one row\nanother row\n');
assert.equal(seal.header?.recipients[0]?.key, KeyMetadata?.Arn);
console.log(`sealed and opened under ${seal.header?.recipients[0]?.key}`);
console.log(`in the context ${JSON.stringify(open.header?.encryptionContext)}`);

admin.destroy();
keys.close();
await localKms.close();
