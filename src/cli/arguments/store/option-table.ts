import type { OptionSpec } from '../option-spec.js';

/** The options of names that begin with `s3://`, in the order of the help. */
export const STORE_OPTIONS = {
  profile: { value: 'PROFILE', about: 'for s3://: the profile of the AWS configuration to use' },
  region: { value: 'REGION', about: 'for s3://: the region of the bucket, and of AWS KMS' },
  'kms-region': { value: 'REGION', about: 'for s3://: the region of AWS KMS, if it differs' },
  'endpoint-url': { value: 'URL', about: 'for s3://: the address of the store, if it is not AWS' },
  'virtual-host': { about: 'for s3://: put the bucket into the host name even with --endpoint-url' },
  'version-id': { value: 'ID', about: 'read this version of the object' },
  location: {
    value: 'PLACE',
    suggests: ['any', 's3://'],
    about: 's3://bucket/key where the object was sealed, if it was moved; or any',
  },
  concurrency: { value: 'N', about: 'for s3://: how many parts or ranges are transferred at once' },
  'limit-rate': {
    value: 'SIZE',
    suggests: ['1M', '10M'],
    about: 'for s3://: the most bytes per second',
  },
  'sign-payload': { about: 'for -o s3://: sign payloads even over TLS' },
  'storage-class': {
    value: 'CLASS',
    suggests: ['STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE'],
    about: 'the storage class of the object',
  },
  tag: { value: 'NAME=VALUE', repeats: true, about: 'a tag of the object; can be repeated' },
  metadata: {
    value: 'NAME=VALUE',
    repeats: true,
    about: 'metadata of the object, in the clear; can be repeated',
  },
  sse: {
    value: 'ALGORITHM',
    choices: ['AES256', 'aws:kms', 'aws:kms:dsse'],
    about: 'additional encryption by the store',
  },
  'object-lock': {
    value: 'MODE:DAYS',
    suggests: ['GOVERNANCE:30', 'COMPLIANCE:30'],
    about: 'nobody may delete the object for this many days',
  },
  'part-size': { value: 'SIZE', about: 'bytes of a part, from 5M to 256M; as needed by default' },
  bind: {
    value: 'PLACE',
    choices: ['location', 'key', 'none'],
    about: 'the part of its place that the object is bound to; location by default',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Options for reaching a store. */
export const REACHING = [
  'profile',
  'region',
  'endpoint-url',
  'virtual-host',
  'limit-rate',
] as const satisfies readonly (keyof typeof STORE_OPTIONS)[];

/** Options that identify the object to open. */
export const OPENING_OBJECTS = [
  ...REACHING,
  'kms-region',
  'version-id',
  'location',
] as const satisfies readonly (keyof typeof STORE_OPTIONS)[];

/** Options for a new object. */
export const MAKING_OBJECTS = [
  'storage-class',
  'tag',
  'metadata',
  'sse',
  'object-lock',
  'part-size',
  'bind',
  'sign-payload',
] as const satisfies readonly (keyof typeof STORE_OPTIONS)[];
