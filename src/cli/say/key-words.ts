import type { RecipientKind } from '../keys/recipient-names.js';
import type { Words } from './failure.js';

/** Wrong use: how keys are named. */
export const KEY_USAGE = {
  badAccount: (account: string): Words => ({
    what: `--account does not take ${account}`,
    advice:
      'Write the 12 digits of an AWS account, after the partition where it is not aws: aws-cn:123456789012.',
  }),
  embeddedAccount: (): Words => ({
    what: '000000000000 is no account of AWS',
    advice: 'It is that of the embedded KMS, whose streams are opened without --account.',
  }),
  badKey: (key: string): Words => ({
    what: `${key} names no key`,
    advice:
      'A key is alias/NAME, a key id or an ARN of AWS KMS, local:alias/NAME of this machine, or file:PATH.',
  }),
  tooManyKeys: (given: number, most: number): Words => ({
    what: `${given} keys were given`,
    advice: `A stream is sealed for at most ${most}.`,
  }),
  longDescription: (most: number): Words => ({
    what: `--description takes no more than ${most} characters`,
  }),
  badLocalKey: (key: string): Words => ({
    what: `${key} names no key of the embedded KMS`,
    advice: 'Write local:alias/NAME, or local: and a key id of "sealpipe kms list".',
  }),
  badAlias: (alias: string): Words => ({
    what: `${alias} cannot be the name of a key`,
    advice: 'An alias is alias/ and up to 250 letters, digits or :/_- and does not begin with alias/aws/.',
  }),
} as const;

/** What opens a stream that was sealed for a key of some kind. */
export const RIGHT_KEY: Readonly<Record<RecipientKind, string>> = {
  aws: 'Give the right --key, or --account ID.',
  local:
    'Give that --key, or leave out --key, --account and SEALPIPE_KEY: then the embedded KMS is asked for its keys.',
  raw: 'Give the right --key file:PATH.',
  other: 'The command has no keys of that kind: use the library, with the provider that sealed the stream.',
};

/** What goes wrong with keys, on standard error. */
export const KEY_TROUBLE = {
  cannotRead: (path: string, why: string): Words => ({
    what: `cannot read the key file ${path}: ${why}`,
    advice: path.startsWith('~')
      ? 'The shell makes ~ a folder only at the beginning of a word: write "file:$HOME/…".'
      : undefined,
  }),
  open: (path: string, mode: string): Words => ({
    what: `the key file ${path} is open to others than its owner (mode ${mode})`,
    advice: `Run chmod 600 on it; if others may have read it, make a new key.`,
  }),
  notAKey: (path: string): Words => ({
    what: `${path} does not hold a key of 32 bytes`,
    advice:
      'Such a file is made by: (umask 077; openssl rand -hex 32 > FILE). It may hold hex, base64 or bytes.',
  }),
  looksTyped: (path: string): Words => ({
    what: `${path} holds 32 characters that look typed, not a random key`,
    advice: 'Make one by: (umask 077; openssl rand -hex 32 > FILE).',
  }),
  noEmbeddedKms: (folder: string): Words => ({
    what: `there is no embedded KMS in ${folder}`,
    advice:
      'Bring back its backup, or set SEALPIPE_HOME to where it is. "sealpipe kms create-key" makes a new key.',
  }),
  notInEmbeddedKms: (key: string, folder: string): Words => ({
    what: `${key} is not in the embedded KMS in ${folder}`,
    advice:
      '"sealpipe kms list" shows what is. Bring back a backup, or set SEALPIPE_HOME to where the key is.',
  }),
  unusable: (key: string, state: string): Words => ({
    what: `${key} cannot be used: its state is ${state}`,
    advice: state === 'Disabled' ? `Run sealpipe kms enable ${key}.` : undefined,
  }),
  refused: (why: string, name: string): Words => ({
    what: `the embedded KMS refused: ${why.replace(/\.$/, '')} (${name})`,
  }),
  aliasTaken: (alias: string): Words => ({
    what: `local:${alias} is there already`,
    advice: 'Give another --alias, or use that key.',
  }),
  awsNeedsKey: (keys: readonly string[]): Words => ({
    what: `this stream claims to be sealed for ${keys.join(' and ')}, and no key was given to open it with`,
    advice:
      "Give --key or SEALPIPE_KEY, or --account ID to trust all keys of an AWS account. Otherwise anyone's key would vouch for anything.",
  }),
  otherNeedsKey: (keys: readonly string[], advice: string): Words => ({
    what: `this stream claims to be sealed for ${keys.join(' and ')}, and no key was given to open it with`,
    advice,
  }),
  mismatch: (sealedFor: readonly string[], given: readonly string[], advice: string): Words => ({
    what: `this stream claims to be sealed for ${sealedFor.join(' and ')}, and not for ${given.join(' or ')}`,
    advice,
  }),
} as const;
