import type { NamedCommand } from '../commands.js';
import { COMMANDS, GROUPS } from '../commands.js';
import type { OptionSpec } from '../option-spec.js';
import type { OptionName } from '../options.js';
import { optionSpec } from '../options.js';

/*
 * The data of the completion scripts. The scripts are templates, one per shell, filled from the tables of commands and
 * options.
 */

export type OptionWithName = OptionSpec & { readonly name: OptionName };

/**
 * A command line of sh that prints the keys of the embedded KMS, one per line, by alias or, if they have none, by id.
 */
export const LIST_KEYS =
  'sealpipe kms list -q 2>/dev/null | awk \'{ if (NF < 4) print "local:" $1; for (i = 4; i <= NF; i++) print $i }\'';

/** The purpose of a group of commands. */
const GROUPS_ABOUT: Readonly<Record<string, string>> = {
  logs: 'seal, read and check log archives',
  kms: 'manage the keys of the embedded KMS',
};

export const SHELL_NAMES: readonly string[] = ['bash', 'zsh', 'fish'];

/** The one-word commands and the groups, with descriptions. */
export function firstWords(): (readonly [word: string, about: string])[] {
  const single = COMMANDS.filter(({ name }) => !name.includes(' ')).map(
    ({ name, about }) => [name, about] as const,
  );
  return [...single, ...GROUPS.map((group) => [group, GROUPS_ABOUT[group]!] as const)];
}

/** The second words of the commands of a group, with descriptions. */
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

/** Every spelling of an option: `--output`, `-o`. */
export function spellings({ name, short }: OptionWithName): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/** Possible values, if known. */
export function valuesOf({ choices, suggests }: OptionSpec): readonly string[] {
  return choices ?? suggests ?? [];
}

/** Possible operands; undefined: a file, a key or nothing. */
export function operandWords({ operand }: NamedCommand): readonly string[] | undefined {
  if (operand === 'shell') return SHELL_NAMES;
  return operand === 'command' ? firstWords().map(([word]) => word) : undefined;
}

/** The options of all commands, without duplicates. */
export function allOptions(): OptionWithName[] {
  const names = new Set(COMMANDS.flatMap((command): readonly OptionName[] => command.options));
  return [...names].map((name) => ({ name, ...optionSpec(name) }));
}

/** A text in single quotes, which bash, zsh and fish read alike (the texts of the tables contain no single quotes). */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
