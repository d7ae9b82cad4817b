import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { REACHING } from '../store/option-table.js';
import { KEYS_TOPIC, OPENING_KEYS, STATUS_TOPIC, TIMES_TOPIC } from '../topics.js';
import { LOGS_WRITE_COMMAND } from './logs-write-command.js';

const ONE_ARCHIVE = { leastOperands: 1, mostOperands: 1, operand: 'file' } as const;
/** Options that open an archive, and its place. */
const OPENING = ['key', 'account', 'context', 'engine', ...REACHING, 'kms-region'] as const;
const ARCHIVE = [
  'ARCHIVE is the folder of logs write, or s3://BUCKET/PREFIX with the segments that its',
  'writer has uploaded. Add /ARCHIVE-ID to choose one of several archives.',
];

/** The commands for log archives. */
export const LOGS_COMMANDS = [
  LOGS_WRITE_COMMAND,
  {
    name: 'logs cat',
    about: 'print the lines of a log archive',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: [
      ...(['output', 'force', 'since', 'until', 'grep', 'strict', 'checkpoint'] as const),
      ...OPENING,
      ...(['json', 'no-progress'] as const),
      ...TALK,
    ],
    details: [
      ...ARCHIVE,
      '',
      'Prints each line unchanged and in order; several archives are merged by time. A segment is',
      'printed once the next segment confirms its digest. The last one is open: it is printed up to its',
      'last whole frame, with status 0, even while it is written. If bytes after that do not verify: 4.',
      '',
      ...TIMES_TOPIC,
      '',
      'Only the segments of this time are opened, and one more on each side. Names are hints; the sealed',
      'times decide. The time of a line is known to about a second, the interval of flushes. Names in',
      'S3 have no times: there, about twenty more segments are opened to find them.',
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
      '',
      ...STATUS_TOPIC,
    ],
    examples: [
      ['the last two hours', 'sealpipe logs cat --since 2h /var/log/my-app'],
      ['of all machines, merged by time', 'sealpipe logs cat --since 2h -k alias/logs s3://my-bucket/logs'],
      [
        'one hour, one request',
        'sealpipe logs cat --since 2026-11-28T09:00 --until 2026-11-28T10:00 --grep req-4711 logs',
      ],
    ],
  },
  {
    name: 'logs tail',
    about: 'print the last lines of a log archive, and follow it',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: ['lines', 'follow', 'checkpoint', ...OPENING, ...TALK],
    details: [
      ...ARCHIVE,
      '',
      'With -f, follows the archive from segment to segment until it is interrupted. S3 has only',
      'segments that have ended, and is polled every ten seconds.',
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
    ],
    examples: [['the last hundred lines, and new ones', 'sealpipe logs tail -n 100 -f /var/log/my-app']],
  },
  {
    name: 'logs list',
    about: 'list the log archives in a folder or in S3; needs no key',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: [...REACHING, 'json', ...TALK],
    details: [
      ...ARCHIVE,
      '',
      'Prints a line for each archive. Times come from the names of its files, and are claims. Names in',
      'S3 have no times.',
    ],
    examples: [
      ['for people', 'sealpipe logs list /var/log/my-app'],
      ['what fifty machines have sent', 'sealpipe logs list s3://my-bucket/logs'],
    ],
  },
  {
    name: 'logs stat',
    about: 'show the segments of a log archive, with times, sizes and gaps; needs no key',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: [...REACHING, 'json', ...TALK],
    details: [
      ...ARCHIVE,
      '',
      'Prints a table. Nothing is opened: indexes and times come from the names of the files, and are',
      'not authentic. Names in S3 have no times. For proof: "sealpipe logs verify".',
    ],
    examples: [['for programs', 'sealpipe logs stat --json /var/log/my-app']],
  },
  {
    name: 'logs verify',
    about: 'check a log archive: every frame, and that nothing is missing',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: ['checkpoint', 'require-closed', ...OPENING, 'json', 'no-progress', ...TALK],
    details: [
      ...ARCHIVE,
      '',
      'With the keys, the chain of segments proves that everything before the last one is present, in',
      'order and unchanged. A checkpoint that was kept elsewhere proves what the chain cannot: that the',
      'end was not cut off, and that nobody with a data key has rewritten it.',
      '',
      'Works offline, after a move, on another machine. Without the keys and without a checkpoint the',
      'files can only be compared with each other, which proves nothing: then the status is 4.',
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
      '',
      ...STATUS_TOPIC,
    ],
    examples: [
      ['with the keys', 'sealpipe logs verify -k alias/logs /var/log/my-app'],
      [
        'against what was published last month',
        'sealpipe logs verify -k alias/logs --checkpoint october.json /var/log/my-app',
      ],
    ],
  },
  {
    name: 'logs checkpoint',
    about: 'print a checkpoint of a log archive, to keep elsewhere',
    usage: ['ARCHIVE [OPTIONS]'],
    ...ONE_ARCHIVE,
    options: ['output', 'force', 'checkpoint', ...OPENING, ...TALK],
    says: { checkpoint: 'an earlier one, which the archive must match; also replaces pruned segments' },
    details: [
      ...ARCHIVE,
      '',
      'Verifies the archive and prints one line of JSON: which archive, up to which place, and the',
      'digest of everything before. Keep it where nobody who can change the archive can change it, like in',
      'another account, a bucket with Object Lock or a commit. It contains no lines.',
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
    ],
    examples: [['', 'sealpipe logs checkpoint -k alias/logs /var/log/my-app -o checkpoint.json']],
  },
] as const satisfies readonly CommandSpec[];
