import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { REACHING } from '../store/option-table.js';
import { KEYS_TOPIC, OPENING_KEYS, SEALING_KEYS, TIMES_TOPIC } from '../topics.js';

const ONE_FOLDER = { leastOperands: 1, mostOperands: 1, operand: 'file' } as const;

/** The commands that change log archives. */
export const LOGS_UPKEEP_COMMANDS = [
  {
    name: 'logs recover',
    about: 'save the lines of a damaged log archive',
    usage: ['ARCHIVE -o DIR [OPTIONS]'],
    ...ONE_FOLDER,
    options: [
      ...(['output', 'key', 'account', 'context', 'engine'] as const),
      ...REACHING,
      ...(['kms-region', 'json'] as const),
      ...TALK,
    ],
    says: { output: 'the folder for the lines, in the clear; it must not exist yet' },
    details: [
      'Writes the lines of each segment, as far as it verifies, to a file in DIR, independent of the',
      'other segments. Each line is authentic. The status says whether all are present: 4 if a segment',
      'has no end or is missing (an open segment has no end), 3 or 5 if nothing could be opened.',
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
    ],
    examples: [['', 'sealpipe logs recover -k alias/logs /var/log/my-app -o saved']],
  },
  {
    name: 'logs rewrap',
    about: 'change the keys of the segments of a log archive',
    usage: ['ARCHIVE -k KEY --to KEY [OPTIONS]', 'ARCHIVE -k KEY [--add KEY] [--remove KEY] [OPTIONS]'],
    ...ONE_FOLDER,
    options: [
      ...(['key', 'account', 'context', 'to', 'add', 'remove', 'check', 'never-unwrap'] as const),
      ...(['break-links', 'single-writer', 'dry-run', 'json'] as const),
      ...TALK,
    ],
    says: {
      add: 'another key that opens the segments; repeats',
      remove: 'a key that no longer opens them, named like inspect does; repeats',
    },
    details: [
      'Like sealpipe rewrap, for every segment. No digest changes, so the archive still verifies. While',
      'a writer is active, the segment that it writes is skipped, and named.',
      '',
      ...KEYS_TOPIC,
    ],
    examples: [['from one key to another', 'sealpipe logs rewrap logs -k alias/old --to alias/new']],
  },
  {
    name: 'logs prune',
    about: 'remove old segments of a log archive',
    usage: ['ARCHIVE --before TIME -o CHECKPOINT [OPTIONS]'],
    ...ONE_FOLDER,
    options: [
      ...(['before', 'output', 'force', 'key', 'account', 'context', 'engine'] as const),
      ...REACHING,
      ...(['kms-region', 'single-writer', 'dry-run'] as const),
      ...TALK,
    ],
    says: { 'dry-run': 'remove nothing; say what would be removed' },
    details: [
      'Removes segments from the front whose lines all arrived before a time; their sealed times decide,',
      'not their names. Before that, the checkpoint of the last of them is written, to -o CHECKPOINT or',
      'standard output: with --checkpoint CHECKPOINT the rest is read and verified. The last two segments',
      'always stay. A writer may be active. In S3, a bucket with versions (also one with Object Lock)',
      'keeps removed segments as older versions, which only a lifecycle rule removes.',
      '',
      ...TIMES_TOPIC,
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
    ],
    examples: [
      ['what is older than a year', 'sealpipe logs prune logs --before 365d -o pruned.json'],
      ['then', 'sealpipe logs verify --checkpoint pruned.json logs'],
    ],
  },
  {
    name: 'logs close',
    about: 'end a log archive: nothing can be added to it any more',
    usage: ['DIR [OPTIONS]'],
    ...ONE_FOLDER,
    options: [
      ...(['key', 'context', 'output', 'force', 'accept-loss', 'single-writer', 'engine'] as const),
      ...TALK,
    ],
    says: { output: 'write the checkpoint to FILE' },
    details: [
      'Adds a last, empty segment to the open archive in DIR, which says that nothing follows, and prints',
      'its checkpoint. The next "logs write" begins another archive in DIR. Refused while a',
      'writer is active. Give the keys and the --context of "logs write".',
      '',
      ...KEYS_TOPIC,
      ...SEALING_KEYS,
    ],
    examples: [['', 'sealpipe logs close -k alias/logs /var/log/my-app -o closed.json']],
  },
  {
    name: 'logs unlock',
    about: 'break the lock that a writer on another machine left behind',
    usage: ['DIR [OPTIONS]'],
    ...ONE_FOLDER,
    options: TALK,
    details: [
      'For the lock file of a machine that has certainly stopped. The lock of a writer that was killed on',
      'this machine is broken by the next one, and that of an active writer is never broken.',
    ],
    examples: [['', 'sealpipe logs unlock /mnt/logs/my-app']],
  },
] as const satisfies readonly CommandSpec[];
