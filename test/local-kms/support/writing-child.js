import { openKms, report } from './child-call.js';

/*
 * Writes until it is killed, or has made 1,000 writes: node writing-child.js <entry> <directory> <name>.
 * It reports each write once it has been acknowledged, never before.
 */

const WRITES = 1000;
const PLAINTEXT = Buffer.from('data').toString('base64');
const [entry = '', directory = '', name = ''] = process.argv.slice(2);
const call = await openKms(entry, directory);

for (let write = 0; write < WRITES; ) {
  const { KeyMetadata: key } = await call('CreateKey', {});
  const keyId = key.KeyId;
  report({ keyId, state: 'Enabled', write: ++write });
  const alias = `alias/${name}-${write}`;
  await call('CreateAlias', { AliasName: alias, TargetKeyId: keyId });
  report({ keyId, alias, write: ++write });
  await call('RotateKeyOnDemand', { KeyId: keyId });
  const { CiphertextBlob: blob } = await call('Encrypt', { KeyId: keyId, Plaintext: PLAINTEXT });
  report({ keyId, blob, write: ++write });
  await call('DisableKey', { KeyId: keyId });
  report({ keyId, state: 'Disabled', write: ++write });
  await call('EnableKey', { KeyId: keyId });
  report({ keyId, state: 'Enabled', write: ++write });
}
