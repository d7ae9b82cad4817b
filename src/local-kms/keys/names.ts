import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../key-arn.js';
import { ServiceError } from '../protocol/service-error.js';

/** The form of key ids that this KMS creates. */
export const KEY_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const KEY_MATERIAL_ID = /^[0-9a-f]{64}$/;
export const ALIAS_NAME = /^alias\/[a-zA-Z0-9:/_-]{1,250}$/;

/** Names with this prefix are reserved for AWS. */
export const AWS_ALIASES = 'alias/aws/';

const ARN =
  /^arn:(?<partition>[^:]*):(?<service>[^:]*):(?<region>[^:]*):(?<account>[^:]*):(?<resource>.+)$/su;
const MULTI_REGION_KEY_ID = /^mrk-[0-9a-f]{32}$/;
const ALIAS_PREFIX = 'alias/';
const KEY_PREFIX = 'key/';

export function aliasArn(aliasName: string): string {
  return `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${aliasName}`;
}

/** A parsed `KeyId` of a request. */
export type KeyName = { readonly keyId: string } | { readonly aliasName: string };

/**
 * Reads one of the four forms: key id, key ARN, alias name, alias ARN.
 *
 * @throws ServiceError NotFoundException if it cannot name anything here, InvalidArnException for an
 * ARN that is not of a key or alias of KMS
 */
export function parseKeyName(name: string): KeyName {
  if (!name.startsWith('arn:'))
    return parseResource(name.startsWith(ALIAS_PREFIX) ? name : KEY_PREFIX + name);
  const { partition, service, region, account, resource = '' } = ARN.exec(name)?.groups ?? {};
  const known = resource.startsWith(KEY_PREFIX) || resource.startsWith(ALIAS_PREFIX);
  if (service !== 'kms' || !known) throw new ServiceError('InvalidArnException', `Invalid arn ${name}`);
  if (region !== LOCAL_REGION) throw new ServiceError('NotFoundException', `Invalid arn ${region}`);
  const found = parseResource(resource);
  if (partition === 'aws' && account === LOCAL_ACCOUNT) return found;
  throw new ServiceError('NotFoundException', `Key '${name}' does not exist`);
}

function parseResource(resource: string): KeyName {
  if (resource.startsWith(ALIAS_PREFIX)) return { aliasName: resource };
  const keyId = resource.slice(KEY_PREFIX.length);
  if (KEY_ID.test(keyId) || MULTI_REGION_KEY_ID.test(keyId)) return { keyId };
  throw new ServiceError('NotFoundException', `Invalid keyId '${keyId}'`);
}
