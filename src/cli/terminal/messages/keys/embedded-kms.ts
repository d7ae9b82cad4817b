import type { Message } from '../../command-error.js';
import { shellQuoted } from '../../printable.js';

/** Wrong use of `kms` commands. */
export const KMS_USAGE = {
  secretToTerminal: (): Message => ({
    what: 'the secrets of a key are not shown on a terminal',
    hint: 'Write them to a file with -o FILE, or to a pipe.',
  }),
} as const;

/** Notes on the embedded KMS and its keys. */
export const KMS_NOTES = {
  defaultKeyMade: (folder: string): string =>
    `made the key local:alias/default. It exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  defaultKeyUsed: (folder: string): string =>
    `sealing with local:alias/default, which exists only in ${folder}: back it up`,
  keyMade: (folder: string): string =>
    `the key exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  noKeysIn: (folder: string): string => `no keys in ${folder}`,
  keysIn: (folder: string): string => `keys in ${folder}`,
  keyToBeDeleted: (key: string, time: string): string =>
    `${key} can no longer be used, and can be purged from ${time} on. To keep it: sealpipe kms undelete ${key}`,
  keyKept: (key: string): string => `${key} is kept, and disabled: sealpipe kms enable ${key}`,
  keyPurged: (key: string): string => `${key} was permanently destroyed`,
  keyImported: (folder: string): string => `the key is in ${folder} now`,
  keyState: (key: string, state: string): string => `${key} is ${state}`,
} as const;
