import { optionsTypeError } from '../../../errors.js';
import type { KeyArn } from '../../../key-arn.js';
import { LOCAL_REGION, REGION_NAME } from '../../../key-arn.js';
import type { OptionNames } from '../../../options.js';
import { readOptions } from '../../../options.js';

/** Which keys a reader may use because the stream names their ARN, instead of a key that the reader names. */
export interface KmsDiscovery {
  /**
   * The AWS accounts whose keys are trusted: 12-digit ids, at least one. The writer of a stream chooses the ARN in it,
   * so without this limit a stream sealed with anybody's key would be accepted.
   */
  readonly accounts: readonly string[];
  /** The AWS partition of these accounts: `aws` by default, `aws-cn`, `aws-us-gov`, … */
  readonly partition?: string | undefined;
  /** The regions that may be called; any region of AWS by default. */
  readonly regions?: readonly string[] | undefined;
}

/** The keys that may be used because a stream names them. */
export interface Discovery {
  readonly accounts: ReadonlySet<string>;
  readonly partition: string;
  readonly regions: ReadonlySet<string> | undefined;
}

const NAMES: OptionNames<KmsDiscovery> = { accounts: true, partition: true, regions: true };
const ACCOUNT = /^[0-9]{12}$/;
const PARTITION = /^(aws|aws-[a-z-]{1,32})$/;
/** The form of AWS region names: `eu-west-1`, `us-gov-east-1`. The name in a stream becomes part of a host name. */
const AWS_REGION = /^[a-z]{2,8}(-[a-z]{1,16}){1,3}-[0-9]{1,2}$/;

/** Prefixes of region names outside the partition `aws`. */
const PARTITION_OF_PREFIX: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** Whether the limits let the key of `arn`, which an attacker may have chosen, be used. */
export function allows({ accounts, partition, regions }: Discovery, arn: KeyArn): boolean {
  if (arn.partition !== partition || !accounts.has(arn.account)) return false;
  if (regions !== undefined) return regions.has(arn.region);
  return arn.region === LOCAL_REGION || (AWS_REGION.test(arn.region) && isOfPartition(arn));
}

/** Another partition is a separate cloud: its hosts must not see requests that are signed for this one. */
function isOfPartition({ partition, region }: KeyArn): boolean {
  if (region.startsWith('fips-')) return false; // the SDK strips it, and the remaining region would be unchecked
  const foreign = PARTITION_OF_PREFIX.find(([prefix]) => region.startsWith(prefix));
  return partition === (foreign?.[1] ?? 'aws');
}

/** Checks the option `discovery`. */
export function checkDiscovery(discovery: unknown): Discovery {
  if (typeof discovery !== 'object' || discovery === null) {
    throw optionsTypeError('discovery must be an object: { accounts, partition?, regions? }');
  }
  const given: Partial<Record<keyof KmsDiscovery, unknown>> = readOptions('discovery', discovery, NAMES);
  const { accounts, partition = 'aws', regions } = given;
  if (!isListOf(accounts, ACCOUNT)) {
    throw optionsTypeError(
      'discovery.accounts must be a list of at least one AWS account id, each a string of 12 digits',
    );
  }
  if (typeof partition !== 'string' || !PARTITION.test(partition)) {
    throw optionsTypeError('discovery.partition must be an AWS partition: aws, aws-cn, aws-us-gov, …');
  }
  if (regions !== undefined && !isListOf(regions, REGION_NAME)) {
    throw optionsTypeError('discovery.regions must be a list of at least one region, such as eu-west-1');
  }
  return {
    accounts: new Set(accounts),
    partition,
    regions: regions === undefined ? undefined : new Set(regions),
  };
}

function isListOf(value: unknown, form: RegExp): value is string[] {
  const legal = (item: unknown) => typeof item === 'string' && form.test(item);
  return Array.isArray(value) && value.length > 0 && value.every(legal);
}
