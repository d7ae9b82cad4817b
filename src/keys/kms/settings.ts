import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import { MAX_DATA_KEY_BYTES } from '../../limits.js';
import type { OptionNames } from '../../options.js';
import { readOptions } from '../../options.js';
import { isKeyText } from '../../text/key-text.js';
import type { KmsClientLike, KmsClientOfRegion } from './client-like.js';
import { assertNotTooOld, isKmsClientLike } from './client-like.js';
import type { Discovery } from './names/discovery.js';
import { checkDiscovery } from './names/discovery.js';
import type { KeyName } from './names/key-name.js';
import { parseKeyName, regionOf } from './names/key-name.js';
import type { KmsOptions } from './options.js';

/** Options of `kms()` after every check. */
export interface Settings {
  readonly key: KeyName | undefined;
  readonly discovery: Discovery | undefined;
  readonly client: KmsClientLike | KmsClientOfRegion | undefined;
  readonly clientConfig: KMSClientConfig;
  readonly grantTokens: readonly string[];
  readonly keySpec: 'AES_256' | 'AES_128' | undefined;
  readonly numberOfBytes: number | undefined;
  readonly timeout: number;
  readonly waitForNewKey: number;
}

const DEFAULT_TIMEOUT = 10_000;
/** The longest that a Node timer can wait. */
const MAX_DURATION = 2_147_483_647;
/** The most grant tokens that KMS takes in one call. */
export const MAX_GRANT_TOKENS = 10;
const MAX_GRANT_TOKEN_LENGTH = 8_192;

const NAMES: OptionNames<KmsOptions> = {
  keyId: true,
  discovery: true,
  client: true,
  clientConfig: true,
  grantTokens: true,
  keySpec: true,
  numberOfBytes: true,
  timeout: true,
  waitForNewKey: true,
};

/**
 * Checks the options of `kms()`: a TypeError or RangeError `ERR_SEALPIPE_OPTIONS` says what is wrong and what is
 * allowed.
 */
export function checkSettings(options: unknown): Settings {
  if (typeof options !== 'object' || options === null) {
    throw optionsTypeError('kms() takes an object of options, with keyId or discovery');
  }
  const given: Partial<Record<keyof KmsOptions, unknown>> = readOptions('kms()', options, NAMES);
  if (given.keyId === undefined && given.discovery === undefined) {
    throw optionsTypeError(
      'kms() needs keyId, or discovery with the accounts whose keys to trust: it never opens with just any key',
    );
  }
  const settings: Settings = {
    key: given.keyId === undefined ? undefined : checkKeyId(given.keyId),
    discovery: given.discovery === undefined ? undefined : checkDiscovery(given.discovery),
    client: given.client === undefined ? undefined : checkClient(given.client, given.clientConfig),
    clientConfig: given.clientConfig === undefined ? {} : checkClientConfig(given.clientConfig),
    grantTokens: given.grantTokens === undefined ? [] : checkGrantTokens(given.grantTokens),
    ...checkDataKey(given.keySpec, given.numberOfBytes),
    timeout: checkDuration('timeout', given.timeout, 1, DEFAULT_TIMEOUT),
    waitForNewKey: checkDuration('waitForNewKey', given.waitForNewKey, 0, 0),
  };
  if (typeof settings.client === 'function' && settings.key && regionOf(settings.key) === undefined) {
    throw optionsTypeError(
      `keyId ${settings.key.text} names no region, so it does not tell for which region to call the function given as client: give the key's ARN, or one client`,
    );
  }
  return settings;
}

function checkKeyId(keyId: unknown): KeyName {
  const name = typeof keyId === 'string' ? parseKeyName(keyId) : undefined;
  const isBareWord = name === undefined || name.form === 'key-id';
  // KMS has no such key ids. A raw key in this place would be sent to KMS and appear in its logs.
  if (typeof keyId === 'string' && isBareWord && isKeyText(keyId)) {
    throw optionsTypeError(
      'keyId looks like a raw key instead of the name of a key of KMS, and is not shown: a raw key is for rawKey(). If others may have seen it, make a new key.',
    );
  }
  if (name !== undefined) return name;
  throw optionsTypeError(
    'keyId must be a key id, a key ARN (arn:aws:kms:REGION:ACCOUNT:key/ID), an alias (alias/NAME) or an alias ARN',
  );
}

function checkClient(client: unknown, clientConfig: unknown): KmsClientLike | KmsClientOfRegion {
  if (clientConfig !== undefined) {
    throw optionsTypeError(
      'Give client or clientConfig, not both: clientConfig is for the clients that kms() creates',
    );
  }
  if (typeof client === 'function') return client as KmsClientOfRegion;
  if (isKmsClientLike(client)) {
    assertNotTooOld(client);
    return client;
  }
  throw optionsTypeError(
    'client must be a KMSClient (send and config.region()), or a function of the region',
  );
}

function checkClientConfig(config: unknown): KMSClientConfig {
  if (typeof config !== 'object' || config === null || isKmsClientLike(config)) {
    throw optionsTypeError(
      'clientConfig must be an object of options for KMSClient. Pass a client as `client`',
    );
  }
  if ((config as KMSClientConfig).region === '') {
    throw optionsTypeError('clientConfig.region is empty: leave it out, or name a region such as eu-west-1');
  }
  return { ...config };
}

function checkGrantTokens(tokens: unknown): readonly string[] {
  const legal = (token: unknown): token is string =>
    typeof token === 'string' && token.length >= 1 && token.length <= MAX_GRANT_TOKEN_LENGTH;
  if (!Array.isArray(tokens) || !tokens.every(legal)) {
    throw optionsTypeError(
      `grantTokens must be an array of strings of 1 to ${MAX_GRANT_TOKEN_LENGTH} characters`,
    );
  }
  if (tokens.length > MAX_GRANT_TOKENS) {
    throw optionsRangeError(
      `grantTokens must have at most ${MAX_GRANT_TOKENS} tokens, and has ${tokens.length}`,
    );
  }
  return [...tokens];
}

function checkDataKey(keySpec: unknown, numberOfBytes: unknown): Pick<Settings, 'keySpec' | 'numberOfBytes'> {
  if (keySpec !== undefined && numberOfBytes !== undefined) {
    throw optionsTypeError('Give keySpec or numberOfBytes, not both: each says how long a data key is');
  }
  if (keySpec !== undefined && keySpec !== 'AES_256' && keySpec !== 'AES_128') {
    throw optionsTypeError('keySpec must be AES_256 or AES_128');
  }
  if (numberOfBytes !== undefined && typeof numberOfBytes !== 'number') {
    throw optionsTypeError('numberOfBytes must be a number');
  }
  if (
    numberOfBytes !== undefined &&
    !(Number.isInteger(numberOfBytes) && numberOfBytes >= 1 && numberOfBytes <= MAX_DATA_KEY_BYTES)
  ) {
    throw optionsRangeError(`numberOfBytes must be an integer from 1 to ${MAX_DATA_KEY_BYTES}`);
  }
  return { keySpec, numberOfBytes };
}

function checkDuration(name: string, value: unknown, least: number, standard: number): number {
  if (value === undefined) return standard;
  if (typeof value !== 'number') throw optionsTypeError(`${name} must be a number of milliseconds`);
  if (Number.isInteger(value) && value >= least && value <= MAX_DURATION) return value;
  throw optionsRangeError(`${name} must be an integer from ${least} to ${MAX_DURATION} milliseconds`);
}
