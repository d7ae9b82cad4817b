import { LOCAL_ACCOUNT, localKeyArn } from '../../key-arn.js';
import type { KeyDirectory } from '../keys/key-directory.js';
import { requireEnabled, requireNotPendingDeletion } from '../keys/key-directory.js';
import type { KeyRecord } from '../keys/key-record.js';
import { currentMaterial, MAX_MATERIALS } from '../keys/key-record.js';
import type { KeyChange } from '../keys/key-ring.js';
import { integer, notHere, only, text } from '../protocol/members.js';
import { invalidState, ServiceError } from '../protocol/service-error.js';
import { now } from '../storage/clock.js';
import { GRANT_TOKENS, REQUIRED_KEY_NAME, refuseGrantTokens } from './common-members.js';
import type { ResponseBody } from './operation.js';
import { operation, toTimestamp } from './operation.js';
import { page, pageMembers } from './page.js';

const DAY = 86_400_000;
const USUAL_KEYS_PER_PAGE = 100;
const KEY_ID_ONLY = { KeyId: REQUIRED_KEY_NAME };

export const createKey = operation(
  {
    Description: text({ max: 8192 }),
    KeyUsage: only('ENCRYPT_DECRYPT'),
    KeySpec: only('SYMMETRIC_DEFAULT'),
    CustomerMasterKeySpec: only('SYMMETRIC_DEFAULT'),
    Origin: only('AWS_KMS'),
    MultiRegion: only(false),
    Policy: notHere,
    Tags: notHere,
    CustomKeyStoreId: notHere,
    XksKeyId: notHere,
  },
  async ({ Description = '' }, { keys }) => ({ KeyMetadata: metadata(await keys.create(Description)) }),
);

export const describeKey = operation(
  { ...KEY_ID_ONLY, GrantTokens: GRANT_TOKENS },
  async (input, directory) => {
    refuseGrantTokens(input.GrantTokens);
    return { KeyMetadata: metadata(await directory.byName(input.KeyId)) };
  },
);

export const enableKey = operation(KEY_ID_ONLY, async ({ KeyId }, directory) => {
  await changeKey(directory, KeyId, (key) => {
    requireNotPendingDeletion(key);
    return key.state === 'Enabled' ? key : { ...key, state: 'Enabled' };
  });
  return {};
});

export const disableKey = operation(KEY_ID_ONLY, async ({ KeyId }, directory) => {
  await changeKey(directory, KeyId, (key) => {
    requireNotPendingDeletion(key);
    return key.state === 'Disabled' ? key : { ...key, state: 'Disabled' };
  });
  return {};
});

export const rotateKeyOnDemand = operation(KEY_ID_ONLY, async ({ KeyId }, directory) => {
  const { keyId } = await directory.byId(KeyId);
  await directory.keys.rotate(keyId, (key) => {
    requireEnabled(key);
    if (key.materials.length < MAX_MATERIALS) return;
    throw new ServiceError(
      'LimitExceededException',
      `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${localKeyArn(keyId)}`,
    );
  });
  return { KeyId: localKeyArn(keyId) };
});

export const scheduleKeyDeletion = operation(
  { ...KEY_ID_ONLY, PendingWindowInDays: integer({ min: 7, max: 30 }) },
  async ({ KeyId, PendingWindowInDays = 30 }, directory) => {
    const deletionDate = now() + PendingWindowInDays * DAY;
    const key = await changeKey(directory, KeyId, (current) => {
      requireNotPendingDeletion(current);
      return { ...current, state: 'PendingDeletion', deletionDate };
    });
    return {
      KeyId: localKeyArn(key.keyId),
      DeletionDate: toTimestamp(deletionDate),
      KeyState: 'PendingDeletion',
      PendingWindowInDays,
    };
  },
);

export const cancelKeyDeletion = operation(KEY_ID_ONLY, async ({ KeyId }, directory) => {
  const key = await changeKey(directory, KeyId, ({ deletionDate, ...current }) => {
    if (deletionDate === undefined) throw invalidState(localKeyArn(current.keyId), 'not pending deletion');
    return { ...current, state: 'Disabled' };
  });
  return { KeyId: localKeyArn(key.keyId) };
});

export const listKeys = operation(pageMembers(1000), async (input, { keys }) => {
  const { items, rest } = page(await keys.all(), (key) => key.keyId, input, USUAL_KEYS_PER_PAGE);
  return { Keys: items.map(({ keyId }) => ({ KeyId: keyId, KeyArn: localKeyArn(keyId) })), ...rest };
});

/**
 * Finds the key first, so that a name that is not a key id is refused in AWS's words, and then changes it atomically.
 */
async function changeKey(directory: KeyDirectory, name: string, change: KeyChange): Promise<KeyRecord> {
  const { keyId } = await directory.byId(name);
  return directory.keys.change(keyId, change);
}

function metadata(key: KeyRecord): ResponseBody {
  return {
    AWSAccountId: LOCAL_ACCOUNT,
    KeyId: key.keyId,
    Arn: localKeyArn(key.keyId),
    CreationDate: toTimestamp(key.creationDate),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    DeletionDate: key.deletionDate === undefined ? undefined : toTimestamp(key.deletionDate),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: currentMaterial(key),
  };
}
