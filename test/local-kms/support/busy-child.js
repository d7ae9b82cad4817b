import { openKms, report } from './child-call.js';

/*
 * One of several processes that work on one directory: node busy-child.js <entry> <directory> <name> <shared key id>.
 * It makes 200 calls, checks after each that its own change is there, and reports what it has been promised.
 */

const ROUNDS = 25;
const PLAINTEXT = Buffer.from('data').toString('base64');
const [entry = '', directory = '', name = '', shared = ''] = process.argv.slice(2);
const call = await openKms(entry, directory);

/**
 * @param {string} operation
 * @param {object} input
 * @param {string} refused the one refusal that is as good as success
 */
async function attempt(operation, input, refused) {
  try {
    await call(operation, input);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === refused) return false;
    throw error;
  }
}

/** @param {string} description @param {boolean} holds */
function expectThat(description, holds) {
  if (!holds) throw new Error(`${name}: ${description}`);
}

const own = `alias/own-${name}`;
for (let round = 0; round < ROUNDS; round++) {
  const { KeyMetadata: key } = await call('CreateKey', { Description: `${name} ${round}` });
  if (round === 0) await call('CreateAlias', { AliasName: own, TargetKeyId: key.KeyId });
  else await call('UpdateAlias', { AliasName: own, TargetKeyId: key.KeyId });
  const described = await call('DescribeKey', { KeyId: own });
  expectThat('an alias stands for the key it was pointed at', described.KeyMetadata.KeyId === key.KeyId);

  const raced = { AliasName: `alias/raced-${round}`, TargetKeyId: key.KeyId };
  const won = await attempt('CreateAlias', raced, 'AlreadyExistsException');
  const rotated = await attempt('RotateKeyOnDemand', { KeyId: shared }, 'LimitExceededException');

  const sealed = await call('Encrypt', { KeyId: shared, Plaintext: PLAINTEXT, EncryptionContext: { name } });
  const opened = await call('Decrypt', {
    CiphertextBlob: sealed.CiphertextBlob,
    EncryptionContext: { name },
  });
  expectThat('what was sealed opens', opened.Plaintext === PLAINTEXT);
  await call('DisableKey', { KeyId: key.KeyId });
  report({ keyId: key.KeyId, own, won: won ? raced.AliasName : null, rotated, blob: sealed.CiphertextBlob });
}
