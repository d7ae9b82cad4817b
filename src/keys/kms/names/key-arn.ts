/** The parts of a key ARN of the form that FORMAT 2 allows. */
export interface KeyArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** A key id: a UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key. */
  readonly id: string;
}

/** The region of the in-process KMS: no call for it may leave this machine by our choice of host. */
export const LOCAL_REGION = 'local';

const KEY_ARN = /^arn:(aws|aws-[a-z-]+):kms:([a-z0-9-]{1,32}):([0-9]{12}):key\/([A-Za-z0-9-]{1,128})$/;
const MAX_ARN_LENGTH = 2_048;

/** The parts of `text`, or undefined if it is not a key ARN by FORMAT 2. */
export function parseKeyArn(text: string): KeyArn | undefined {
  const parts = text.length <= MAX_ARN_LENGTH ? KEY_ARN.exec(text) : null;
  if (parts === null) return undefined;
  const [, partition, region, account, id] = parts;
  return { arn: text, partition: partition!, region: region!, account: account!, id: id! };
}

/** Whether `key` is a multi-Region key, which has replicas of one id and one material in other regions. */
export function isMultiRegion(key: KeyArn): boolean {
  return key.id.startsWith('mrk-') && key.region !== LOCAL_REGION;
}

/** Whether two ARNs name one key: they are equal, or differ in region alone and name one multi-Region key. */
export function namesSameKey(a: KeyArn, b: KeyArn): boolean {
  if (a.arn === b.arn) return true;
  const sameButRegion = a.partition === b.partition && a.account === b.account && a.id === b.id;
  return sameButRegion && isMultiRegion(a) && isMultiRegion(b);
}
