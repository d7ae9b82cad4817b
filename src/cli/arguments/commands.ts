import type { CommandSpec } from './command-spec.js';
import { TALK } from './command-spec.js';
import { MAKING_OBJECTS, OPENING_OBJECTS, REACHING } from './store/option-table.js';
import { KMS_COMMANDS } from './tables/kms-commands.js';
import { LOGS_COMMANDS } from './tables/logs-commands.js';
import { LOGS_UPKEEP_COMMANDS } from './tables/logs-upkeep-commands.js';
import { REWRAP_COMMAND } from './tables/rewrap-command.js';
import { SEALED_COMMANDS } from './tables/sealed-commands.js';
import { UPLOADS_COMMAND } from './tables/uploads-command.js';
import { KEYS_TOPIC, OBJECTS_TOPIC, OPENING_KEYS, SEALING_KEYS, STATUS_TOPIC } from './topics.js';

const FILE_IN_AND_OUT = { leastOperands: 0, mostOperands: 1, operand: 'file' } as const;
/** Every command, in the order of the help. */
export const COMMANDS = [
  {
    name: 'encrypt',
    about: 'seal a file, a pipe or the output of a command',
    usage: ['[NAME] [OPTIONS]', '[OPTIONS] -- CMD [ARGS…]'],
    ...FILE_IN_AND_OUT,
    takesProgram: true,
    options: [
      ...(['output', 'force', 'key', 'context', 'suite', 'frame-size', 'layout'] as const),
      ...(['withhold-context', 'no-envelope-padding', 'content-type', 'content-encoding'] as const),
      ...(['expected-size', 'ok-status', 'grace', 'end-on-signal', 'engine'] as const),
      ...OPENING_OBJECTS,
      'concurrency',
      ...MAKING_OBJECTS,
      ...(['json', 'no-progress'] as const),
      ...TALK,
    ],
    details: [
      'Reads NAME or standard input, writes a sealed stream to standard output or -o NAME. NAME is a',
      'FILE, - or an object in S3: s3://BUCKET/KEY.',
      '',
      'A pipe cannot tell that its source failed: an interrupted dump looks like a short one.',
      'With -- CMD, sealpipe runs CMD itself and finishes the stream only if CMD exits with',
      'status 0, so that a partial stream is never mistaken for a complete one. If you know the',
      'size, --expected-size does the same.',
      '',
      'An object is created only when it is whole, and is bound to its place (--bind). If anything',
      'fails, no parts stay behind, and an existing object is not changed.',
      '',
      ...OBJECTS_TOPIC,
      '',
      ...KEYS_TOPIC,
      ...SEALING_KEYS,
    ],
    examples: [
      ['seal a file with the key of this machine', 'sealpipe encrypt app.log -o app.log.sealed'],
      [
        'seal with an AWS KMS key, bound to a purpose',
        'sealpipe encrypt --key alias/backups -c purpose=backup -c host=db1 dump.sql -o dump.sealed',
      ],
      [
        'seal the output of a command, only if it succeeds',
        'sealpipe encrypt -k alias/backups -o db.sealed -- pg_dump mydb',
      ],
      [
        'seal a dump straight into S3',
        'sealpipe encrypt -k alias/backups -o s3://bucket/db/monday -- pg_dump mydb',
      ],
      [
        'seal for two keys: either opens it',
        'sealpipe encrypt -k alias/backups -k file:escrow.key a -o a.sealed',
      ],
      [
        'seal a log, which can be followed while it is written',
        'my-service | sealpipe encrypt --layout record -o service.log.sealed',
      ],
    ],
  },
  {
    name: 'decrypt',
    about: 'open a sealed stream',
    usage: ['[NAME] [OPTIONS]'],
    ...FILE_IN_AND_OUT,
    options: [
      ...(['output', 'force', 'range', 'key', 'account', 'context', 'engine'] as const),
      ...OPENING_OBJECTS,
      'concurrency',
      ...(['json', 'no-progress'] as const),
      ...TALK,
    ],
    details: [
      'Reads NAME or standard input, writes the plaintext to standard output or -o FILE. NAME is a',
      'FILE, - or an object in S3: s3://BUCKET/KEY.',
      '',
      'Every byte that is written has been verified. Only the end of the stream shows that it is',
      'complete: in a pipe, check for exit status 0; with -o, FILE appears only then.',
      '',
      '--range reads and opens only the frames of a range: A-B (both included, from 0 on), A- (from A',
      'to the end) or -N (the last N bytes). NAME must then be a regular file or an object.',
      '',
      '--context NAME=VALUE requires this pair to be in the stream, so that a stream made for another',
      'purpose is refused. If the stream withholds its context, give all pairs.',
      '',
      'An object opens only in the place where it was sealed: --location names a different place.',
      '',
      ...OBJECTS_TOPIC,
      '',
      ...KEYS_TOPIC,
      ...OPENING_KEYS,
      '',
      ...STATUS_TOPIC,
    ],
    examples: [
      ['open to a file', 'sealpipe decrypt app.log.sealed -o app.log'],
      ['open in a pipe', 'sealpipe decrypt -k alias/backups s3://bucket/src.sealed | tar xz'],
      [
        'only if it was sealed for this purpose with this key',
        'sealpipe decrypt -k alias/backups -c purpose=backup dump.sealed -o dump.sql',
      ],
      ['the last 4096 bytes', 'sealpipe decrypt --range -4096 app.log.sealed'],
      ['any key of one AWS account', 'sealpipe decrypt --account 123456789012 dump.sealed -o dump.sql'],
    ],
  },
  {
    name: 'inspect',
    about: 'show the header of a stream; needs no key',
    usage: ['[NAME] [OPTIONS]', 'NAME… | PREFIX/ [OPTIONS]'],
    leastOperands: 0,
    mostOperands: Number.MAX_SAFE_INTEGER,
    operand: 'file',
    options: ['output', 'force', ...REACHING, 'version-id', 'concurrency', 'json', ...TALK],
    details: [
      'Shows the header of a stream: suite, layout, encryption context, recipients, sizes. NAME is',
      'a FILE, - or an object in S3: s3://BUCKET/KEY.',
      'None of it is authentic until the stream has been opened. Control and bidirectional',
      'characters are escaped. The plaintext size is computed from the size of NAME, so it is',
      'not authentic either.',
      '',
      'Several names, or PREFIX/ for every file in a folder or every object below s3://BUCKET/PREFIX/,',
      'print a table; with --json one line each.',
      '',
      ...OBJECTS_TOPIC,
    ],
    examples: [
      ['for people', 'sealpipe inspect app.log.sealed'],
      ['a table of a folder', 'sealpipe inspect archive/'],
      ['a table of objects', 'sealpipe inspect s3://bucket/db/'],
      ['for programs', "sealpipe inspect --json app.log.sealed | jq -r '.recipients[].key'"],
    ],
  },
  ...SEALED_COMMANDS,
  REWRAP_COMMAND,
  UPLOADS_COMMAND,
  ...LOGS_COMMANDS,
  ...LOGS_UPKEEP_COMMANDS,
  ...KMS_COMMANDS,
  {
    name: 'version',
    about: 'show the version and the engine of each suite',
    usage: ['[OPTIONS]'],
    leastOperands: 0,
    mostOperands: 0,
    options: ['json', 'help'],
    details: ['For each suite, shows the engine that it uses here and why others cannot be used.'],
    examples: [['for programs', 'sealpipe version --json']],
  },
  {
    name: 'completion',
    about: 'print a completion script for a shell',
    usage: ['bash|zsh|fish'],
    leastOperands: 1,
    mostOperands: 1,
    operand: 'shell',
    options: ['help'],
    details: ['Prints a script that completes commands, options and their values.'],
    examples: [
      ['bash, in ~/.bashrc', 'source <(sealpipe completion bash)'],
      ['zsh, in ~/.zshrc after compinit', 'source <(sealpipe completion zsh)'],
      ['fish', 'sealpipe completion fish > ~/.config/fish/completions/sealpipe.fish'],
    ],
  },
  {
    name: 'help',
    about: 'show the help of a command',
    usage: ['[COMMAND]'],
    leastOperands: 0,
    mostOperands: 2,
    operand: 'command',
    options: ['help'],
    details: ['The same as COMMAND --help.'],
    examples: [['', 'sealpipe help kms export']],
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]['name'];

/** A command of the table, under its name. */
export interface NamedCommand extends CommandSpec {
  readonly name: CommandName;
}

/** The command of this name. */
export function findCommand(name: string): NamedCommand | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/** The first words of two-word commands: `logs` and `kms`. */
export const GROUPS: readonly string[] = [
  ...new Set(COMMANDS.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]!)),
];
