import type { KeyDirectory } from '../keys/key-directory.js';
import { requireNotPendingDeletion } from '../keys/key-directory.js';
import { ALIAS_NAME, AWS_ALIASES, aliasArn, parseKeyName } from '../keys/names.js';
import { required, text } from '../protocol/members.js';
import { ServiceError } from '../protocol/service-error.js';
import { KEY_NAME, REQUIRED_KEY_NAME } from './common-members.js';
import { operation, toTimestamp } from './operation.js';
import { page, pageMembers } from './page.js';

const USUAL_ALIASES_PER_PAGE = 50;
const ALIAS = required(text({ min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ }));
const ALIAS_AND_TARGET = { AliasName: ALIAS, TargetKeyId: REQUIRED_KEY_NAME };

export const createAlias = operation(ALIAS_AND_TARGET, async ({ AliasName, TargetKeyId }, directory) => {
  requireOwnAliasName(AliasName);
  const keyId = await findTarget(directory, TargetKeyId);
  await directory.aliases.create(AliasName, keyId);
  return {};
});

export const updateAlias = operation(ALIAS_AND_TARGET, async ({ AliasName, TargetKeyId }, directory) => {
  requireOwnAliasName(AliasName);
  const keyId = await findTarget(directory, TargetKeyId);
  await directory.aliases.update(AliasName, keyId);
  return {};
});

export const deleteAlias = operation({ AliasName: ALIAS }, async ({ AliasName }, { aliases }) => {
  requireOwnAliasName(AliasName);
  await aliases.remove(AliasName);
  return {};
});

export const listAliases = operation({ ...pageMembers(100), KeyId: KEY_NAME }, async (input, directory) => {
  const target = input.KeyId === undefined ? undefined : await directory.byId(input.KeyId);
  const aliases = (await directory.aliases.all()).filter(
    ({ targetKeyId }) => target === undefined || targetKeyId === target.keyId,
  );
  const { items, rest } = page(aliases, (alias) => alias.aliasName, input, USUAL_ALIASES_PER_PAGE);
  return {
    Aliases: items.map((alias) => ({
      AliasName: alias.aliasName,
      AliasArn: aliasArn(alias.aliasName),
      TargetKeyId: alias.targetKeyId,
      CreationDate: toTimestamp(alias.creationDate),
      LastUpdatedDate: toTimestamp(alias.lastUpdatedDate),
    })),
    ...rest,
  };
});

function requireOwnAliasName(aliasName: string): void {
  if (aliasName.startsWith(AWS_ALIASES)) throw new ServiceError('NotAuthorizedException');
  if (ALIAS_NAME.test(aliasName)) return;
  throw new ServiceError(
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );
}

async function findTarget(directory: KeyDirectory, name: string): Promise<string> {
  if ('aliasName' in parseKeyName(name)) {
    throw new ServiceError('ValidationException', 'Aliases must refer to keys. Not aliases');
  }
  const key = await directory.byId(name);
  requireNotPendingDeletion(key);
  return key.keyId;
}
