/** The parts of a key ARN of the form that FORMAT 2 allows. */
export interface KeyArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** A key id: a UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key. */
  readonly id: string;
}

/** The region of the embedded KMS. AWS has no region with this name, and no call for it may leave this machine. */
export const LOCAL_REGION = 'local';
/** The account of the embedded KMS. AWS has no account with this number. */
export const LOCAL_ACCOUNT = '000000000000';

const KEY_ARN = /^arn:(aws|aws-[a-z-]+):kms:([a-z0-9-]{1,32}):([0-9]{12}):key\/([A-Za-z0-9-]{1,128})$/;
/** The name of a region in an ARN. */
export const REGION_NAME = /^[a-z0-9-]{1,32}$/;
/** The name of an alias, of AWS KMS or of the embedded KMS. */
export const ALIAS_NAME_FORM = /^alias\/[A-Za-z0-9:/_-]{1,250}$/;
const MAX_ARN_LENGTH = 2_048;

/** The parts of `text`, or undefined if it is not a key ARN as FORMAT 2 defines it. */
export function parseKeyArn(text: string): KeyArn | undefined {
  const parts = text.length <= MAX_ARN_LENGTH ? KEY_ARN.exec(text) : null;
  if (parts === null) return undefined;
  const [, partition, region, account, id] = parts;
  return { arn: text, partition: partition!, region: region!, account: account!, id: id! };
}

/** The ARN of a key of the embedded KMS. */
export function localKeyArn(keyId: string): string {
  return `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/${keyId}`;
}
