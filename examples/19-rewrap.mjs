// @ts-check
/*
 * New keys for a sealed file: `rewrap` writes only its head, whatever the size of the file. Between KMS keys, the data
 * key never leaves KMS. This is not a revocation: an older copy still opens with the old key.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { decrypt, encrypt, rawKey, rewrap } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';

const { clientConfig, close } = createLocalKms();
const client = new KMSClient(clientConfig);
const newKey = async () => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return kms({ keyId: KeyMetadata?.Arn ?? '', client });
};
const [lastYear, thisYear] = [await newKey(), await newKey()];
const inTheSafe = rawKey({ name: 'offline-2026', key: randomBytes(32) });

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const [file, olderCopy] = [join(folder, 'ledger.sealed'), join(folder, 'ledger.sealed.bak')];
await writeFile(file, await encrypt('the ledger', { keys: lastYear }));
await copyFile(file, olderCopy);

const { way, recipients } = await rewrap(file, { keys: lastYear, to: thisYear, add: inTheSafe });
console.log(`re-wrapped ${way}: ${recipients.map(({ key, made }) => `${key} (${made})`).join(', ')}`);

assert.equal(String(await decrypt(await readFile(file), { keys: thisYear })), 'the ledger');
assert.equal(String(await decrypt(await readFile(file), { keys: inTheSafe })), 'the ledger');
await assert.rejects(decrypt(await readFile(file), { keys: lastYear }), {
  code: 'ERR_SEALPIPE_KEY_MISMATCH',
});
assert.equal(String(await decrypt(await readFile(olderCopy), { keys: lastYear })), 'the ledger');
console.log('the older copy still opens with the old key');

client.destroy();
await close();
await rm(folder, { recursive: true });
