import type { CommandSpec } from './command-spec.js';
import { TALK } from './command-spec.js';

const ONE_KEY = { leastOperands: 1, mostOperands: 1, operand: 'key' } as const;
const LOCAL_KEY_USAGE = ['KEY [OPTIONS]'];
const LOCAL_KEY = 'KEY is local:alias/NAME or local:KEY-ID, with or without "local:".';

/** The commands for the keys of the embedded KMS. */
export const KMS_COMMANDS = [
  {
    name: 'kms create-key',
    about: 'create a key in the embedded KMS',
    usage: ['[OPTIONS]'],
    leastOperands: 0,
    mostOperands: 0,
    options: ['alias', 'description', 'json', ...TALK],
    details: ['Prints the name of the new key, for use with --key.'],
    examples: [
      ['a key with a name', 'sealpipe kms create-key --alias backups'],
      ['use it', 'sealpipe encrypt --key local:alias/backups app.log -o app.log.sealed'],
    ],
  },
  {
    name: 'kms list',
    about: 'list the keys of the embedded KMS',
    usage: ['[OPTIONS]'],
    leastOperands: 0,
    mostOperands: 0,
    options: ['json', ...TALK],
    details: ['Prints a line for each key: id, state, creation date and aliases.'],
    examples: [
      ['for people', 'sealpipe kms list'],
      ['for programs', "sealpipe kms list --json | jq -r '.keys[].keyId'"],
    ],
  },
  {
    name: 'kms describe',
    about: 'show a key of the embedded KMS',
    usage: LOCAL_KEY_USAGE,
    ...ONE_KEY,
    options: ['json', ...TALK],
    details: [LOCAL_KEY],
    examples: [['the default key', 'sealpipe kms describe alias/default']],
  },
  {
    name: 'kms disable',
    about: 'disable a key of the embedded KMS',
    usage: LOCAL_KEY_USAGE,
    ...ONE_KEY,
    options: TALK,
    details: [
      LOCAL_KEY,
      '',
      'It no longer seals or opens streams. Streams that are already in progress continue.',
    ],
    examples: [['', 'sealpipe kms disable local:alias/backups']],
  },
  {
    name: 'kms enable',
    about: 'enable a disabled key of the embedded KMS',
    usage: LOCAL_KEY_USAGE,
    ...ONE_KEY,
    options: TALK,
    details: [LOCAL_KEY],
    examples: [['', 'sealpipe kms enable local:alias/backups']],
  },
  {
    name: 'kms rotate',
    about: 'give a key of the embedded KMS a new secret for new streams',
    usage: LOCAL_KEY_USAGE,
    ...ONE_KEY,
    options: TALK,
    details: [LOCAL_KEY, '', 'Older streams still open. Backups made before do not include the new secret.'],
    examples: [['', 'sealpipe kms rotate local:alias/backups']],
  },
  {
    name: 'kms export',
    about: 'export the secrets of a key of the embedded KMS',
    usage: LOCAL_KEY_USAGE,
    ...ONE_KEY,
    options: ['output', 'force', ...TALK],
    details: [
      LOCAL_KEY,
      '',
      'Writes JSON with every secret of the key, in base64, to -o FILE (mode 0600) or a pipe, never',
      'to a terminal. Whoever reads it can open whatever was sealed with the key. It is for keeping',
      'a key in a safe and for reading it with other programs: there is no import.',
      '',
      'To back up keys so that they can be restored, copy the folder of the embedded KMS: plain',
      'files, which are never changed once written. To restore, put the folder back, or point',
      'SEALPIPE_HOME at its parent.',
    ],
    examples: [
      ['keep a key in a safe', 'sealpipe kms export alias/default -o default-key.json'],
      ['back up all keys', 'cp -Rp ~/.local/share/sealpipe/kms /media/backup/'],
    ],
  },
] as const satisfies readonly CommandSpec[];
