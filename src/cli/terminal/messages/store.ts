import type { Message } from '../command-error.js';

/** Wrong use of names that begin with `s3://`, and of their options. */
export const STORE_USAGE = {
  badName: (name: string, why: string): Message => ({
    what: `${name} is not a valid name in S3: ${why.replaceAll('`', '')}`,
    hint: 'Write s3://BUCKET/KEY. The key is not decoded.',
  }),
  isPrefix: (name: string): Message => ({
    what: `${name} is a prefix, and not an object`,
    hint: 'Write s3://BUCKET/KEY, without a / at its end. Only inspect and verify take prefixes.',
  }),
  notAnOutput: (name: string): Message => ({
    what: `only encrypt writes to S3, and ${name} is in S3`,
    hint: 'Name a file, or leave -o out and pipe the output on.',
  }),
  needsName: (option: string): Message => ({
    what: `--${option} needs a name that begins with s3://`,
    hint: `Name an object as s3://BUCKET/KEY, or leave --${option} out.`,
  }),
  needsOutput: (option: string): Message => ({
    what: `--${option} needs -o s3://BUCKET/KEY: it applies to the object that is created`,
    hint: `Leave --${option} out.`,
  }),
  oneVersion: (): Message => ({
    what: '--version-id needs one object, since each has its own versions',
    hint: 'Name a single s3://BUCKET/KEY.',
  }),
  badEndpoint: (text: string): Message => ({
    // It may hold a password.
    what: `invalid value${text.includes('@') ? '' : ` ${text}`} for --endpoint-url`,
    hint: 'Write a URL of scheme, host and path only: --endpoint-url https://s3.example.com.',
  }),
  badRate: (text: string): Message => ({
    what: `invalid value ${text} for --limit-rate`,
    hint: 'Give bytes a second, from 64K on: 512K, 10M, 1G.',
  }),
  rateForSoMany: (rate: string, concurrency: number, least: string): Message => ({
    what: `--limit-rate ${rate} is too low for so many requests at once: each of them would look stalled`,
    hint: `With --concurrency ${concurrency}, give at least ${least}.`,
  }),
  badLocation: (text: string): Message => ({
    what: `invalid value ${text} for --location`,
    hint: 'Write s3://BUCKET/KEY for the place where the object was sealed, or any to accept every place.',
  }),
  badCount: (option: string, text: string, most: number): Message => ({
    what: `invalid value ${text} for --${option}`,
    hint: `Give a whole number from 1 to ${most}.`,
  }),
  badPair: (option: string, text: string): Message => ({
    what: `invalid value ${text} for --${option}`,
    hint: `Write --${option} NAME=VALUE.`,
  }),
  samePair: (option: string, name: string): Message => ({
    what: `${name} was given twice with --${option}`,
    hint: 'Give each name only once.',
  }),
  badLock: (text: string, most: number): Message => ({
    what: `invalid value ${text} for --object-lock`,
    hint: `Write GOVERNANCE or COMPLIANCE, a colon and days from 1 to ${most}: COMPLIANCE:30.`,
  }),
  badPartSize: (text: string): Message => ({
    what: `invalid value ${text} for --part-size`,
    hint: 'Give a size from 5M to 256M.',
  }),
  fixedLayoutOnly: (): Message => ({
    what: 'an object cannot grow, so --layout record does not go with -o s3://',
    hint: 'Leave --layout out, or seal to a file.',
  }),
} as const;

/** Failures of objects. */
export const STORE_TROUBLE = {
  noRegion: (): Message => ({
    what: 'no AWS region was found',
    hint: 'Give --region REGION, or set AWS_REGION or the region of the profile. A store of your own accepts any, such as us-east-1.',
  }),
  cannotStart: (why: string): Message => ({ what: `the AWS configuration cannot be used: ${why}` }),
  elsewhere: (what: string): Message => ({
    what,
    hint: 'Was it sealed under other pairs? --context NAME=VALUE. Was it copied or restored from another place? --location s3://BUCKET/KEY names that place, and --location any accepts every place.',
  }),
  stillThere: (name: string): Message => ({
    what: `${name}: the store still has parts of it`,
    hint: 'Run it again.',
    subject: name,
  }),
  notAllRemoved: (failed: number, all: number): Message => ({ what: `${failed} of ${all} were not removed` }),
  noObjects: (prefix: string): Message => ({ what: `there are no objects in ${prefix}`, subject: prefix }),
} as const;

/** Notes on objects. */
export const STORE_NOTES = {
  sent: (parts: number, retries: number): string => {
    const how = parts === 0 ? 'in one piece' : `in ${parts} ${parts === 1 ? 'part' : 'parts'}`;
    return retries === 0 ? `sent ${how}` : `sent ${how}, ${retries} requests repeated`;
  },
  partsMayBeLeft: (name: string): string =>
    `parts of ${name} may be left in the bucket, where they cost money: sealpipe uploads --abort removes them`,
  resumed: (parts: number): string =>
    `resumed an interrupted upload: ${parts} ${parts === 1 ? 'part was' : 'parts were'} already stored`,
  noJournal: (why: string): string => `no journal of the upload is kept: ${why}`,
  removed: (name: string): string => `${name}: its parts were removed`,
  inUse: (name: string): string => `${name}: is in progress, and was skipped`,
} as const;

/** Options and advice of the library, and their form in the command. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['`payloadSigning: "signed"`', '--sign-payload'],
  ['`concurrency`', '--concurrency'],
  ['`expectedLength` (--expected-size)', '--expected-size'],
  ['`partSize`', '--part-size'],
  ['`location`', '--location'],
  ['`bind`', '--bind'],
  ['`singleWriter`', '--single-writer'],
  ['`storageClass`', '--storage-class'],
  ['`tags`', '--tag'],
  ['`metadata`', '--metadata'],
  ['`sse`', '--sse'],
  ['`objectLock`', '--object-lock'],
  ['`objectLock.mode`', '--object-lock'],
  ['`objectLock.days`', '--object-lock'],
  ['`sealpipe uploads --abort`', 'sealpipe uploads --abort'],
  ['Make the client for the region of the bucket', 'Give --region REGION, that of the bucket'],
];

/** Replaces names of options of the library by those of the command. */
export function inFlags(text: string): string {
  return SPELLINGS.reduce((words, [own, flag]) => words.replaceAll(own, flag), text);
}
