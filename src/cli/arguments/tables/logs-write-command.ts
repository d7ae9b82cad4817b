import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { REACHING } from '../store/option-table.js';
import { KEYS_TOPIC, OBJECTS_TOPIC, SEALING_KEYS, STATUS_TOPIC } from '../topics.js';

/** `sealpipe logs write`. */
export const LOGS_WRITE_COMMAND = {
  name: 'logs write',
  about: 'seal the lines of standard input into a log archive',
  usage: ['DIR [OPTIONS]'],
  leastOperands: 1,
  mostOperands: 1,
  operand: 'file',
  options: [
    ...(['key', 'context', 'rotate-size', 'rotate-every', 'flush-every', 'flush-size'] as const),
    ...(['compress', 'fsync', 'heartbeat', 'on-full', 'accept-loss', 'single-writer'] as const),
    ...(['metrics', 'store', 'max-bytes', 'drain', 'object-lock'] as const),
    ...REACHING,
    'kms-region',
    ...(['engine', 'json'] as const),
    ...TALK,
  ],
  details: [
    'Reads lines, of any bytes, and seals them into the archive in the folder DIR. If DIR does not',
    'exist, it is created. A line is sealed and on the disk within a second: a kill, a crash or a power cut',
    'loses nothing that came before. The next run continues the archive.',
    '',
    'The first SIGTERM or SIGINT does not end it at once: lines are read until the input ends, for 5',
    'seconds at most, and then sealed. The status is 0 if everything that was read was sealed. A',
    'second signal ends at once. SIGHUP begins a new segment.',
    '',
    'With --store, ended segments go to S3. They are removed from DIR when they were read back whole. The end',
    'waits for uploads for --drain; the others are uploaded at the next start, and the status is 0.',
    '',
    'The sizes of compressed lines reveal something about their content to those who can place text',
    'beside a secret and see the archive grow: --compress none prevents that.',
    '',
    ...KEYS_TOPIC,
    ...SEALING_KEYS,
    '',
    ...OBJECTS_TOPIC,
    '',
    ...STATUS_TOPIC,
  ],
  examples: [
    ['archive the output of a service', 'my-app | sealpipe logs write -k alias/logs /var/log/my-app'],
    ['see it at once', 'sealpipe logs tail -f /var/log/my-app'],
    [
      'a segment an hour or every 256 MiB, compressed harder',
      'my-app | sealpipe logs write logs --rotate-size 256M --compress zstd:9',
    ],
    [
      'keep it in S3, where nobody can delete it for a year',
      'my-app | sealpipe logs write -k alias/logs spool --store s3://bucket/logs --object-lock COMPLIANCE:365',
    ],
  ],
} as const satisfies CommandSpec;
