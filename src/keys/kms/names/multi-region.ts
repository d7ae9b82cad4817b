import type { KeyArn } from '../../../key-arn.js';
import { LOCAL_REGION } from '../../../key-arn.js';

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
