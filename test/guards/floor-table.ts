import type { Arrow } from './source-tree.js';

/** The house: which floor each folder of `src/` and each file at its top stands on. Arrows go down only. */
export const FLOORS: Readonly<Record<string, number>> = {
  'errors.ts': 0,
  'bytes.ts': 0,
  'options.ts': 0,
  'realms.ts': 0,
  'suites.ts': 0,
  'abort.ts': 0,
  'file-system.ts': 0,
  'key-arn.ts': 0,
  'limits.ts': 0,
  'stream-fault.ts': 0,
  'system-error.ts': 0,
  text: 0,
  format: 1,
  crypto: 1,
  sources: 1,
  'local-kms': 1,
  frames: 2,
  keys: 2,
  session: 3,
  blocks: 4,
  streams: 4,
  files: 5,
  sealed: 6,
  'index.ts': 7,
  s3: 7,
  logs: 8,
  cli: 10,
};

/** What a part may not import whatever its floor, and why. */
export const BANS: ReadonlyArray<{ part: string; of: RegExp; but?: (arrow: Arrow) => boolean; why: string }> =
  [
    { part: 'format', of: /^(node:)?stream(\/|$)/, why: 'format knows no streams' },
    { part: 'format', of: /^(node:)?crypto$/, why: 'format knows no crypto' },
    { part: 'crypto', of: /^(node:)?stream(\/|$)/, why: 'crypto knows no streams' },
    { part: 'frames', of: /^(node:)?stream(\/|$)/, why: 'frames know no streams' },
    { part: 'session', of: /^(node:)?stream(\/|$)/, why: 'a session knows no streams' },
    { part: 'format', of: /^(node:)?fs(\/|$)/, why: 'format knows no files' },
    { part: 'frames', of: /^(node:)?fs(\/|$)/, why: 'frames know no files' },
    { part: 'session', of: /^(node:)?fs(\/|$)/, why: 'a session knows no files' },
  ];

/** Parts with a floor of their own kind: they play an outside party and see floor 0 alone. */
export const OUTSIDE_PARTIES = new Set(['local-kms']);

/** What the command may import beside floor 0, as everybody may, and the atomic writer of files. */
export const PUBLIC_ENTRIES =
  /^(index|keys\/index|keys\/kms\/index|local-kms\/index|s3\/index|logs\/index)\.ts$|^files\/replace-file\//;

/** What else the command imports, and why users have no such entry. */
export const COMMAND_NEEDS: Readonly<Record<string, string>> = {
  'files/byte-file.ts': 'standard input and output are open descriptors, read and written in pieces',
  'files/descriptor-file.ts': 'the same',
  'files/pipes/pipe-file.ts': 'the same, for pipes',
  'files/file-encryption.ts': 'when it fails, what was written decides what is said of the output',
  'files/file-decryption.ts': 'the same; it names the key that opened before the first byte is written',
  'files/file-head.ts': 'looks at the recipients before it chooses keys, and goes on reading the same file',
  'files/heads/interrupted-rewrap.ts': 'names an interrupted re-wrap, and finds the keys of its journal',
  'files/heads/steady-head.ts':
    'reads a head again that a re-wrap changed while it was read, and names such a re-wrap',
  'format/encryption-context.ts': 'checks --context before any file is opened',
  'keys/home.ts': 'kms commands say where the keys are',
  'keys/local-client.ts': 'calls the embedded KMS, which it has opened, without the SDK',
  'local-kms/local-kms.ts': 'lists keys although some are damaged, and makes a key and its alias at once',
  'logs/upkeep/index.ts': 'the surface of the library has no names for what is done to archives',
  's3/location.ts': 'verify, recover and ranges require the place of an object, as decryptObject() does',
  's3/names.ts': 'tells objects from files, and splits their names, before any code of S3 is loaded',
  's3/upload/encrypt-pipe.ts': 'only the command knows that it reads a pipe, which it has opened once more',
  's3/upload/journal/open-uploads.ts': 'lists and removes the uploads that its own journals know of',
  'sources/descriptor-name.ts': 'a path that names a descriptor of ours is never opened by that name',
};
