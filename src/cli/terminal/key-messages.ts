import type { Words } from './command-error.js';
import { listed, shortened } from './printable.js';
import type { RecipientKind } from './recipient-names.js';

/** Names in a stream are chosen by whoever wrote it, and may be long and many. */
const namesIn = (keys: readonly string[]): string => listed(keys.map(shortened), ' and ');

/** Wrong use: how keys are named. */
export const KEY_USAGE = {
  badAccount: (account: string): Words => ({
    what: `invalid value ${account} for --account`,
    advice:
      'Give the 12 digits of an AWS account. If its partition is not aws, put that first: aws-cn:123456789012.',
  }),
  embeddedAccount: (): Words => ({
    what: '000000000000 is not an AWS account',
    advice: 'It belongs to the embedded KMS, whose streams open without --account.',
  }),
  badKey: (key: string): Words => ({
    what: `${key} is not a valid key name`,
    advice:
      'A key is alias/NAME, a key id or an ARN of AWS KMS, local:alias/NAME on this machine, or file:PATH.',
  }),
  keyItself: (): Words => ({
    what: 'what was given as the name of a key looks like the key itself, and is not shown',
    advice:
      'If it is, save it in a file that only you can read, and give file:PATH. If others may have seen it, make a new key.',
  }),
  tooManyKeys: (given: number, most: number): Words => ({
    what: `${given} keys were given`,
    advice: `A stream is sealed for at most ${most}.`,
  }),
  longDescription: (most: number): Words => ({
    what: `--description can have at most ${most} characters`,
  }),
  badLocalKey: (key: string): Words => ({
    what: `${key} is not a valid name for a key of the embedded KMS`,
    advice: 'Write local:alias/NAME, or local: followed by a key id from "sealpipe kms list".',
  }),
  typedKey: (): Words => ({
    what: 'there is no input: an exported key cannot be typed',
    advice: 'Name a file: sealpipe kms import FILE. Or pipe one in.',
  }),
  badDeletionTime: (time: string): Words => ({
    what: `--in does not take ${time}`,
    advice: 'Write a number of days from 7 to 30, such as 7d.',
  }),
  badAlias: (alias: string): Words => ({
    what: `${alias} is not a valid alias`,
    advice: 'An alias is alias/ and up to 250 letters, digits or :/_- and does not start with alias/aws/.',
  }),
} as const;

/** What opens a stream that was sealed for a key of some kind. */
export const RIGHT_KEY: Readonly<Record<RecipientKind, string>> = {
  aws: 'Give the right --key, or --account ID.',
  local:
    'Give that --key. Without --key, --account and SEALPIPE_KEY, all keys of the embedded KMS are tried.',
  raw: 'Give the right --key file:PATH.',
  other:
    'The command does not support this kind of key: use the library, with the provider that sealed the stream.',
};

/** What helps where a key cannot be used, by its state. */
const HOW_TO_USE: ReadonlyMap<string, (key: string) => string> = new Map([
  ['Disabled', (key) => `To enable it: sealpipe kms enable ${key}`],
  ['PendingDeletion', (key) => `To keep it: sealpipe kms undelete ${key} && sealpipe kms enable ${key}`],
]);

/** Failures of keys. */
export const KEY_TROUBLE = {
  cannotRead: (path: string, why: string): Words => ({
    what: `cannot read the key file ${path}: ${why}`,
    advice: path.startsWith('~')
      ? 'The shell expands ~ only at the start of a word: write "file:$HOME/…".'
      : undefined,
  }),
  open: (path: string, mode: string): Words => ({
    what: `others than its owner can access the key file ${path} (mode ${mode})`,
    advice: `Run chmod 600 on it. If others may have read it, make a new key.`,
  }),
  notAKey: (path: string): Words => ({
    what: `${path} does not contain a 32-byte key`,
    advice: 'Make one with: (umask 077; openssl rand -hex 32 > FILE). It may be hex, base64 or raw bytes.',
  }),
  notYours: (path: string, owner: number): Words => ({
    what: `the key file ${path} belongs to another user (id ${owner}), who can read and replace it`,
    advice: 'Run sealpipe as that user, or make a key file of your own.',
  }),
  notAscii: (path: string, encoding: string): Words => ({
    what: `${path} is text in ${encoding}: a key is hex or base64 in plain ASCII`,
    advice:
      'Windows writes such files. Save it as ASCII: iconv -t ASCII, or Out-File -Encoding ascii in PowerShell.',
  }),
  looksTyped: (path: string): Words => ({
    what: `${path} contains 32 characters that look typed, not a random key`,
    advice: 'Make one with: (umask 077; openssl rand -hex 32 > FILE).',
  }),
  noEmbeddedKms: (folder: string): Words => ({
    what: `no embedded KMS in ${folder}`,
    advice:
      'Restore its backup, or set SEALPIPE_HOME to where it is. "sealpipe kms create-key" creates a new key.',
  }),
  notInEmbeddedKms: (key: string, folder: string): Words => ({
    what: `${key} is not in the embedded KMS in ${folder}`,
    advice:
      '"sealpipe kms list" shows the keys that are. Restore a backup, or set SEALPIPE_HOME to where the key is.',
  }),
  noDefaultKey: (folder: string): Words => ({
    what: `no key was given, and local:alias/default is not in the embedded KMS in ${folder}`,
    advice: 'Run sealpipe kms create-key --alias default, or give --key or SEALPIPE_KEY.',
  }),
  noHome: (): Words => ({
    what: 'the embedded KMS has no folder: this user has no home directory',
    advice: 'Set SEALPIPE_HOME to the folder where its keys are to be kept.',
  }),
  unusable: (key: string, state: string): Words => ({
    what: `${key} cannot be used: its state is ${state}`,
    advice: HOW_TO_USE.get(state)?.(key),
  }),
  damaged: (errors: readonly string[], hints: readonly string[]): Words => ({
    what: errors.join('; '),
    advice: [...hints.map((hint) => `${hint}.`), 'All else was shown.'].join(' '),
  }),
  notToBeDeleted: (key: string): Words => ({
    what: `nothing was destroyed: ${key} is not to be deleted`,
    advice: `To schedule it: sealpipe kms delete ${key}`,
  }),
  keptUntil: (key: string, deletion: string): Words => ({
    what: `nothing was destroyed: ${key} is to be kept until ${deletion}`,
  }),
  purgeNeedsForce: (key: string, deletion: string): Words => ({
    what: `nothing was destroyed: ${key} was to be kept until ${deletion}`,
    advice: 'Give --force to destroy its secrets for ever: what it sealed is lost with them.',
  }),
  keyExists: (key: string, isSame: boolean): Words => ({
    what: `${key} already exists${isSame ? '' : ', with other secrets'}`,
    advice: isSame
      ? undefined
      : 'It was not touched. Another SEALPIPE_HOME can hold the one that you import.',
  }),
  notAnExport: (name: string, why: string): Words => ({
    what: `cannot import ${name}: ${why}`,
  }),
  laterExport: (name: string): Words => ({
    what: `cannot import ${name}: its version is later than those that this sealpipe knows`,
    advice: 'Upgrade sealpipe.',
  }),
  refused: (why: string, name: string): Words => ({
    what: `the embedded KMS refused: ${why.replace(/\.$/, '')} (${name})`,
  }),
  aliasTaken: (alias: string): Words => ({
    what: `local:${alias} already exists`,
    advice: 'Choose another --alias, or use that key.',
  }),
  awsNeedsKey: (keys: readonly string[]): Words => ({
    what: `this stream claims to be sealed for ${namesIn(keys)}, and no key was given to open it`,
    advice:
      'Give --key or SEALPIPE_KEY, or --account ID to trust all keys of an AWS account. Otherwise a stream from anyone would open.',
  }),
  otherNeedsKey: (keys: readonly string[], advice: string): Words => ({
    what: `this stream claims to be sealed for ${namesIn(keys)}, and no key was given to open it`,
    advice,
  }),
  mismatch: (sealedFor: readonly string[], given: readonly string[], advice: string): Words => ({
    what: `this stream claims to be sealed for ${namesIn(sealedFor)}, not for ${given.join(' or ')}`,
    advice,
  }),
} as const;
