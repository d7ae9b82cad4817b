import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { KEYS_TOPIC, STATUS_TOPIC } from '../topics.js';

/** `sealpipe rewrap`. */
export const REWRAP_COMMAND = {
  name: 'rewrap',
  about: 'change the keys of sealed files; the sealed data is not changed',
  usage: [
    'FILE… | FOLDER/ -k KEY --to KEY [OPTIONS]',
    'FILE… | FOLDER/ -k KEY [--add KEY] [--remove KEY] [OPTIONS]',
  ],
  leastOperands: 1,
  mostOperands: Number.MAX_SAFE_INTEGER,
  operand: 'file',
  options: [
    ...(['key', 'account', 'context', 'to', 'add', 'remove', 'check', 'never-unwrap'] as const),
    ...(['break-links', 'dry-run', 'json'] as const),
    ...TALK,
  ],
  details: [
    'Changes which keys open each FILE: --to replaces the key that -k names, --add',
    'adds one, --remove removes one. Only the head of the file is written, in place; if the',
    'new keys need more room, the file is replaced by a copy. FOLDER/ stands for every sealed file',
    'in the folder and in the folders in it.',
    '',
    'Between two keys of one region of AWS KMS the data key never leaves KMS (ReEncrypt).',
    'Otherwise it is unwrapped here; --never-unwrap refuses that.',
    '',
    'A re-wrap is not a revocation: an older copy of FILE opens with the old keys, and anyone who',
    'has had the data key can still read it. To lock someone out, seal the data again.',
    '',
    'A run that was interrupted is finished by the next one: give it the same FILEs again.',
    'Those that are done are skipped.',
    '',
    ...KEYS_TOPIC,
    '',
    ...STATUS_TOPIC,
  ],
  examples: [
    ['from one key of AWS KMS to another', 'sealpipe rewrap *.sealed -k alias/old --to alias/new'],
    [
      'a key file for the day that KMS is gone',
      'sealpipe rewrap a.sealed -k alias/backups --add file:escrow.key',
    ],
    ['what would be done', 'sealpipe rewrap a.sealed -k file:old.key --to file:new.key --dry-run'],
  ],
} as const satisfies CommandSpec;
