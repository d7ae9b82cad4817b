import type { Message } from '../../command-error.js';

/** Wrong use that would destroy a key, or use it as data. */
export const KEPT_USAGE = {
  overKey: (output: string, key: string): Message => ({
    what: `${output} is the same file as the key ${key}`,
    hint: 'Write to another file: without its key, nothing that was sealed with it can be opened.',
  }),
  emptiedKey: (output: string, key: string): Message => ({
    what: `${output} is the same file as the key ${key}, which is empty: > FILE of the shell empties FILE`,
    hint: 'Nothing was written. Bring the key back from a backup, and write to another file.',
  }),
  inEmbeddedKms: (output: string): Message => ({
    what: `${output} is in the folder of the embedded KMS`,
    hint: 'Write to another file: that folder holds keys, and nothing else writes there.',
  }),
  keyAndData: (name: string): Message => ({
    what: `${name} is used twice: for a key, and for the data`,
    hint: 'Give one of them in another way, such as --key file:PATH, or FILE for the data.',
  }),
  twoKeys: (name: string): Message => ({
    what: `${name} is used twice: it can give one key, and is used up then`,
    hint: 'Give the other key in another way, such as --key file:PATH.',
  }),
} as const;
