import type { NamedCommand } from './commands.js';
import { COMMANDS } from './commands.js';
import type { OptionName } from './options.js';
import { optionSpec } from './options.js';
import { STATUS_TOPIC } from './topics.js';

/** The overview: `sealpipe --help`. */
export function overview(): string {
  return lines([
    'sealpipe - seals streams with AWS KMS envelope encryption, or with a key on this machine',
    '',
    'USAGE',
    '  sealpipe COMMAND [OPTIONS]',
    '',
    'COMMANDS',
    ...columns(COMMANDS.map(({ name, about }) => [name, about])),
    '',
    'EXAMPLES',
    '  sealpipe encrypt app.log -o app.log.sealed',
    '  sealpipe decrypt app.log.sealed -o app.log',
    '  sealpipe encrypt -k alias/backups -o db.sealed -- pg_dump mydb',
    '',
    ...STATUS_TOPIC,
    '',
    'sealpipe COMMAND --help shows the options of a command, with examples.',
  ]);
}

/** The help of one command. */
export function commandHelp({ name, about, usage, details, options, says, examples }: NamedCommand): string {
  return lines([
    `sealpipe ${name} - ${about}`,
    '',
    'USAGE',
    ...usage.map((rest) => `  sealpipe ${name} ${rest}`),
    '',
    ...details,
    '',
    'OPTIONS',
    ...columns(options.map((option) => [optionNames(option), says?.[option] ?? optionAbout(option)])),
    '',
    'EXAMPLES',
    ...examples.flatMap(([what, line]) => [...(what === '' ? [] : [`  # ${what}`]), `  ${line}`]),
  ]);
}

/** The help of a group of commands: `sealpipe kms --help`. */
export function groupHelp(group: string): string {
  const members = COMMANDS.filter(({ name }) => name.startsWith(`${group} `));
  return lines([
    'USAGE',
    `  sealpipe ${group} COMMAND [OPTIONS]`,
    '',
    'COMMANDS',
    ...columns(members.map(({ name, about }) => [name, about])),
    '',
    `sealpipe ${group} COMMAND --help shows the options of a command, with examples.`,
  ]);
}

/** Such as `-o, --output FILE`. */
function optionNames(option: OptionName): string {
  const { short, value } = optionSpec(option);
  return `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`;
}

function optionAbout(option: OptionName): string {
  const { about, choices } = optionSpec(option);
  return choices === undefined ? about : `${about}\n(${choices.join(', ')})`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) =>
    right.split('\n').map((line, at) => `  ${(at === 0 ? left : '').padEnd(width)}${line}`),
  );
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
