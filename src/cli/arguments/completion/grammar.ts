import type { NamedCommand } from '../commands.js';
import { COMMANDS, GROUPS } from '../commands.js';
import type { OptionSpec } from '../option-spec.js';
import type { OptionName } from '../options.js';
import { optionSpec } from '../options.js';

/*
 * What the completion scripts are made from. They are written once for each shell and filled from the tables of
 * commands and options.
 */

export type OptionWithName = OptionSpec & { readonly name: OptionName };

/** A command line of sh that prints the keys of the embedded KMS, one a line: by their aliases, else by their ids. */
export const LIST_KEYS =
  'sealpipe kms list -q 2>/dev/null | awk \'{ if (NF < 4) print "local:" $1; for (i = 4; i <= NF; i++) print $i }\'';

/** What the commands of a group are for. */
const GROUPS_ABOUT: Readonly<Record<string, string>> = {
  logs: 'seal, read and check log archives',
  kms: 'manage the keys of the embedded KMS',
};

export const SHELL_NAMES: readonly string[] = ['bash', 'zsh', 'fish'];

/** The commands of one word, and the groups, with what they are. */
export function firstWords(): (readonly [word: string, about: string])[] {
  const single = COMMANDS.filter(({ name }) => !name.includes(' ')).map(
    ({ name, about }) => [name, about] as const,
  );
  return [...single, ...GROUPS.map((group) => [group, GROUPS_ABOUT[group]!] as const)];
}

/** The commands of a group: their second words, with what they are. */
export function secondWords(group: string): (readonly [word: string, about: string])[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${group} `)).map(({ name, about }) => [
    name.slice(group.length + 1),
    about,
  ]);
}

export function optionsOf({ options, says }: NamedCommand): OptionWithName[] {
  return options.map((name) => {
    const spec = optionSpec(name);
    return { name, ...spec, about: says?.[name] ?? spec.about };
  });
}

/** Every way to write an option: `--output`, `-o`. */
export function spellings({ name, short }: OptionWithName): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/** What a value may be, as far as that is known. */
export function valuesOf({ choices, suggests }: OptionSpec): readonly string[] {
  return choices ?? suggests ?? [];
}

/** What an operand may be; undefined: a file, a key or nothing. */
export function operandWords({ operand }: NamedCommand): readonly string[] | undefined {
  if (operand === 'shell') return SHELL_NAMES;
  return operand === 'command' ? firstWords().map(([word]) => word) : undefined;
}

/** The options of all commands, each once. */
export function allOptions(): OptionWithName[] {
  const names = new Set(COMMANDS.flatMap((command): readonly OptionName[] => command.options));
  return [...names].map((name) => ({ name, ...optionSpec(name) }));
}

/** A text in single quotes, as bash, zsh and fish all read it (the texts of the tables have none themselves). */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
