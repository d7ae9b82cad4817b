import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { OPENING_OBJECTS } from '../store/option-table.js';
import { KEYS_TOPIC, OBJECTS_TOPIC, STATUS_TOPIC } from '../topics.js';

/** Options that open a stream. */
const OPENING = ['key', 'account', 'context', 'engine'] as const;
const MOST_NAMES = Number.MAX_SAFE_INTEGER;

/** Commands that work on sealed files without decrypting all of it to an output. */
export const SEALED_COMMANDS = [
  {
    name: 'verify',
    about: 'check sealed files: open everything, write nothing',
    usage: ['NAME… [OPTIONS]', 'PREFIX/ [OPTIONS]', '- [OPTIONS]'],
    leastOperands: 1,
    mostOperands: MOST_NAMES,
    operand: 'file',
    options: ['digest', 'sample', ...OPENING, ...OPENING_OBJECTS, 'json', 'no-progress', ...TALK],
    details: [
      'Opens every frame of each NAME and says how much plaintext has verified, or where the first',
      'fault lies: which frame, and the byte of NAME where it begins. NAME is a FILE or an object in',
      'S3. PREFIX/ stands for every file in a folder and in the folders in it, or for every object',
      'below s3://BUCKET/PREFIX/. - is standard input.',
      '',
      '--sample checks some of the frames and always the last one: it finds truncation, and damage',
      'with some probability. It never says that a stream is whole.',
      '',
      'Of several names, the exit status is 3 if one of them is, else 4, else 5, else 1.',
      '',
      ...OBJECTS_TOPIC,
      '',
      ...KEYS_TOPIC,
      '',
      ...STATUS_TOPIC,
    ],
    examples: [
      ['one file', 'sealpipe verify backup.tar.sealed'],
      ['compare with what was sealed', 'sealpipe verify --digest sha256 -k alias/backups dump.sealed'],
      ['a whole folder, for programs', 'sealpipe verify --json archive/'],
      ['one frame in a hundred, and the end', 'sealpipe verify --sample 1% huge.sealed'],
      ['what last night left in S3', 'sealpipe verify -k alias/backups s3://bucket/db/'],
    ],
  },
  {
    name: 'recover',
    about: 'save the parts of a damaged file that verify',
    usage: ['NAME -o OUT [OPTIONS]'],
    leastOperands: 1,
    mostOperands: 1,
    operand: 'file',
    options: [
      ...(['output', 'force', 'zero-fill', 'head', 'digest'] as const),
      ...OPENING,
      ...OPENING_OBJECTS,
      ...(['json', 'no-progress'] as const),
      ...TALK,
    ],
    details: [
      'Writes every frame of NAME, a FILE or an object in S3 (s3://BUCKET/KEY), that authenticates',
      'to OUT, and says what is missing. OUT stays,',
      'even if something is missing: then the exit status is 4. It is 0 only if nothing is missing,',
      'and 3 or 5 if nothing could be opened.',
      '',
      'In the fixed layout every frame has its place: --zero-fill keeps what follows a gap there. In',
      'the record layout the next frame is searched after damage.',
      '',
      'Without the beginning of NAME nothing can be opened. --head FILE is a copy of it that was',
      'kept elsewhere, such as its first 128 KiB.',
      '',
      ...KEYS_TOPIC,
    ],
    examples: [
      ['what a crash has left', 'sealpipe recover app.log.sealed -o app.log'],
      ['the report, for programs', 'sealpipe recover torn.sealed -o saved --json'],
      ['a disk image with holes', 'sealpipe recover disk.sealed -o disk.img --zero-fill'],
    ],
  },
] as const satisfies readonly CommandSpec[];
