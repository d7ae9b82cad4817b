import type { Message } from '../../command-error.js';
import { listed, shortened } from '../../printable.js';
import type { RecipientKind } from '../../recipient-names.js';

/** The writer of a stream chooses the names in it, which may be long and many. */
const namesIn = (keys: readonly string[]): string => listed(keys.map(shortened), ' and ');

/** Wrong use: how keys are named. */
export const KEY_USAGE = {
  badAccount: (account: string): Message => ({
    what: `invalid value ${account} for --account`,
    hint: 'Give the 12 digits of an AWS account. If its partition is not aws, put that first: aws-cn:123456789012.',
  }),
  embeddedAccount: (): Message => ({
    what: '000000000000 is not an AWS account',
    hint: 'It belongs to the embedded KMS, whose streams open without --account.',
  }),
  badKey: (key: string): Message => ({
    what: `${key} is not a valid key name`,
    hint: 'A key is alias/NAME, a key id or an ARN of AWS KMS, local:alias/NAME on this machine, or file:PATH.',
  }),
  keyItself: (): Message => ({
    what: 'what was given as the name of a key looks like the key itself, and is not shown',
    hint: 'If it is, save it in a file that only you can read, and give file:PATH. If others may have seen it, make a new key.',
  }),
  tooManyKeys: (given: number, most: number): Message => ({
    what: `${given} keys were given`,
    hint: `A stream is sealed for at most ${most}.`,
  }),
  longDescription: (most: number): Message => ({
    what: `--description can have at most ${most} characters`,
  }),
  badLocalKey: (key: string): Message => ({
    what: `${key} is not a valid name for a key of the embedded KMS`,
    hint: 'Write local:alias/NAME, or local: followed by a key id from "sealpipe kms list".',
  }),
  typedKey: (): Message => ({
    what: 'there is no input: an exported key cannot be typed',
    hint: 'Name a file: sealpipe kms import FILE. Or pipe one in.',
  }),
  badDeletionTime: (time: string): Message => ({
    what: `invalid value ${time} for --in`,
    hint: 'Write a number of days from 7 to 30, such as 7d.',
  }),
  badAlias: (alias: string): Message => ({
    what: `${alias} is not a valid alias`,
    hint: 'An alias is alias/ and up to 250 letters, digits or :/_- and does not start with alias/aws/.',
  }),
} as const;

/** The hint about the right key, by the kind of recipient. */
export const RIGHT_KEY: Readonly<Record<RecipientKind, string>> = {
  aws: 'Give the right --key, or --account ID.',
  local:
    'Give that --key. Without --key, --account and SEALPIPE_KEY, all keys of the embedded KMS are tried.',
  raw: 'Give the right --key file:PATH.',
  other:
    'The command does not support this kind of key: use the library, with the provider that sealed the stream.',
};

/** The hint for a key that cannot be used, by its state. */
const HOW_TO_USE: ReadonlyMap<string, (key: string) => string> = new Map([
  ['Disabled', (key) => `To enable it: sealpipe kms enable ${key}`],
  ['PendingDeletion', (key) => `To keep it: sealpipe kms undelete ${key} && sealpipe kms enable ${key}`],
]);

/** Failures of keys. */
export const KEY_TROUBLE = {
  cannotRead: (path: string, why: string): Message => ({
    what: `cannot read the key file ${path}: ${why}`,
    hint: path.startsWith('~')
      ? 'The shell expands ~ only at the start of a word: write "file:$HOME/…".'
      : undefined,
  }),
  noEmbeddedKms: (folder: string): Message => ({
    what: `no embedded KMS in ${folder}`,
    hint: 'Restore its backup, or set SEALPIPE_HOME to the folder that has it. "sealpipe kms create-key" creates a new key.',
  }),
  notInEmbeddedKms: (key: string, folder: string): Message => ({
    what: `${key} is not in the embedded KMS in ${folder}`,
    hint: '"sealpipe kms list" shows the existing keys. Restore a backup, or set SEALPIPE_HOME to the folder that has the key.',
  }),
  noDefaultKey: (folder: string): Message => ({
    what: `no key was given, and local:alias/default is not in the embedded KMS in ${folder}`,
    hint: 'Run sealpipe kms create-key --alias default, or give --key or SEALPIPE_KEY.',
  }),
  unusable: (key: string, state: string): Message => ({
    what: `${key} cannot be used: its state is ${state}`,
    hint: HOW_TO_USE.get(state)?.(key),
  }),
  damaged: (errors: readonly string[], hints: readonly string[]): Message => ({
    what: errors.join('; '),
    hint: [...hints.map((hint) => `${hint}.`), 'All else was shown.'].join(' '),
  }),
  notToBeDeleted: (key: string): Message => ({
    what: `nothing was destroyed: ${key} is not scheduled for deletion`,
    hint: `To schedule it: sealpipe kms delete ${key}`,
  }),
  keptUntil: (key: string, deletion: string): Message => ({
    what: `nothing was destroyed: ${key} is to be kept until ${deletion}`,
  }),
  purgeNeedsForce: (key: string, deletion: string): Message => ({
    what: `nothing was destroyed: ${key} was to be kept until ${deletion}`,
    hint: 'Give --force to permanently destroy its secrets: what it sealed is lost with them.',
  }),
  keyExists: (key: string, isSame: boolean): Message => ({
    what: `${key} already exists${isSame ? '' : ', with other secrets'}`,
    hint: isSame ? undefined : 'It was not touched. Another SEALPIPE_HOME can hold the one that you import.',
  }),
  notAnExport: (name: string, why: string): Message => ({
    what: `cannot import ${name}: ${why}`,
  }),
  laterExport: (name: string): Message => ({
    what: `cannot import ${name}: its version is later than those that this sealpipe knows`,
    hint: 'Upgrade sealpipe.',
  }),
  refused: (why: string, name: string): Message => ({
    what: `the embedded KMS refused: ${why.replace(/\.$/, '')} (${name})`,
  }),
  aliasTaken: (alias: string): Message => ({
    what: `local:${alias} already exists`,
    hint: 'Choose another --alias, or use that key.',
  }),
  awsNeedsKey: (keys: readonly string[]): Message => ({
    what: `this stream claims to be sealed for ${namesIn(keys)}, and no key was given to open it`,
    hint: 'Give --key or SEALPIPE_KEY, or --account ID to trust all keys of an AWS account. Otherwise a stream from anyone would open.',
  }),
  otherNeedsKey: (keys: readonly string[], hint: string): Message => ({
    what: `this stream claims to be sealed for ${namesIn(keys)}, and no key was given to open it`,
    hint,
  }),
  mismatch: (sealedFor: readonly string[], given: readonly string[], hint: string): Message => ({
    what: `this stream claims to be sealed for ${namesIn(sealedFor)}, not for ${given.join(' or ')}`,
    hint,
  }),
} as const;
