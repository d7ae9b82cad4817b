import { parseArgs } from 'node:util';
import { suggestion } from '../../text/suggestion.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import { PROGRAM_USAGE } from '../terminal/messages/files/programs.js';
import { isText } from '../terminal/text.js';
import { findByWords } from './command-words.js';
import type { NamedCommand } from './commands.js';
import type { OptionName } from './options.js';
import { OPTIONS, optionSpec } from './options.js';

/** The parsed command line, checked against the tables. */
export interface CommandLine {
  readonly command: NamedCommand;
  readonly operands: readonly string[];
  /** The words after `--`, for a command that runs another. */
  readonly program: readonly string[] | undefined;
  readonly options: GivenOptions;
}

/** The given options. */
export class GivenOptions {
  readonly #values: ReadonlyMap<OptionName, readonly string[]>;

  constructor(values: ReadonlyMap<OptionName, readonly string[]>) {
    this.#values = values;
  }

  has(name: OptionName): boolean {
    return this.#values.has(name);
  }

  /** The value of an option that may be given once. */
  text(name: OptionName): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** The values of an option, in order; empty if it was not given. */
  texts(name: OptionName): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/**
 * Parses the words after `sealpipe`.
 *
 * @throws CommandError with status 2, which suggests what was probably meant
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const unreadable = words.find((word) => !isText(word));
  if (unreadable !== undefined) throw misuse(USAGE.notText(withoutValue(unreadable)));
  const { command, rest } = findByWords(words);
  refuseOneDash(rest, command);
  const { tokens } = parseArgs({
    args: [...rest],
    options: Object.fromEntries(command.options.map((name) => [name, parserOption(name)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const end = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Number.POSITIVE_INFINITY;
  const values = new Map<OptionName, string[]>();
  const operands: string[] = [];
  const program: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option') addOption(values, token, command, operands);
    if (token.kind === 'positional') {
      (command.takesProgram && token.index > end ? program : operands).push(token.value);
    }
  }
  const options = new GivenOptions(values);
  const asksForHelp = options.has('help');
  const runsProgram = command.takesProgram === true && end !== Number.POSITIVE_INFINITY;
  if (!asksForHelp) checkOperands(command, operands, runsProgram ? program : undefined);
  return { command, operands, program: runsProgram ? program : undefined, options };
}

function parserOption(name: OptionName): { type: 'string' | 'boolean'; short?: string; multiple: true } {
  const { value, short } = optionSpec(name);
  return { type: value === undefined ? 'boolean' : 'string', ...(short && { short }), multiple: true };
}

/** An option token of parseArgs. */
interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function addOption(
  values: Map<OptionName, string[]>,
  token: OptionToken,
  command: NamedCommand,
  operands: readonly string[],
): void {
  const { rawName, value, inlineValue } = token;
  const name = command.options.find((known) => known === token.name);
  if (name === undefined) throw unknownOption(token, command, operands);
  const { value: wanted, repeats, choices, takesDash } = optionSpec(name);
  if (wanted === undefined && value !== undefined) throw misuse(USAGE.takesNoValue(rawName));
  if (wanted !== undefined && (value === undefined || value === ''))
    throw misuse(USAGE.needsValue(rawName, wanted));
  if (!inlineValue && !takesDash && value !== undefined && /^-./.test(value))
    throw misuse(USAGE.looksLikeOption(rawName, withoutValue(value)));
  const given = values.get(name);
  if (given !== undefined && wanted !== undefined && !repeats) throw misuse(USAGE.givenTwice(rawName));
  const chosen = choices?.find((choice) => choice.toLowerCase() === value?.toLowerCase());
  if (choices !== undefined && chosen === undefined) throw misuse(USAGE.notAChoice(rawName, value!, choices));
  values.set(name, [...(given ?? []), chosen ?? value ?? '']);
}

function unknownOption(
  { name, rawName }: OptionToken,
  command: NamedCommand,
  operands: readonly string[],
): Error {
  const known = command.options.map((option) => `--${option}`);
  const elsewhere = Object.hasOwn(OPTIONS, name) && rawName.startsWith('--');
  const candidate = elsewhere ? undefined : suggestion(rawName, known);
  const [program] = operands;
  if (command.takesProgram && program !== undefined && candidate === undefined) {
    return misuse(PROGRAM_USAGE.optionOfProgram(rawName, program));
  }
  return misuse(USAGE.unknownOption(rawName, command.name, elsewhere, candidate));
}

/** A word for a message: a value of the encryption context, behind the `=`, is never shown. */
function withoutValue(word: string): string {
  const at = word.indexOf('=');
  return at < 0 ? word : `${word.slice(0, at)}=…`;
}

/** `-output x` would be `-o utput x`, and `-force` would write a file named `rce`, which nobody means. */
function refuseOneDash(words: readonly string[], { options }: NamedCommand): void {
  const end = words.indexOf('--');
  const takeDash = options.filter((option) => optionSpec(option).takesDash).map((option) => `--${option}`);
  for (const [at, word] of (end < 0 ? words : words.slice(0, end)).entries()) {
    const name = word.split('=', 1)[0]!;
    const isValue = at > 0 && takeDash.includes(words[at - 1]!);
    if (!isValue && options.some((option) => name === `-${option}`)) throw misuse(USAGE.oneDash(name));
  }
}

function checkOperands(
  command: NamedCommand,
  operands: readonly string[],
  program: readonly string[] | undefined,
): void {
  const { name, leastOperands, mostOperands, usage } = command;
  if (program !== undefined && program.length === 0) throw misuse(PROGRAM_USAGE.noProgram());
  if (program !== undefined && operands.length > 0) throw misuse(PROGRAM_USAGE.fileAndProgram(operands[0]!));
  if (operands.length < leastOperands) throw misuse(USAGE.tooFewOperands(name, usage[0]!));
  if (operands.length > mostOperands) {
    if (command.takesProgram) throw misuse(USAGE.severalSources(operands));
    throw misuse(USAGE.tooManyOperands(operands[mostOperands]!, name, usage[0]!));
  }
  if (operands.includes('') || program?.[0] === '') throw misuse(USAGE.emptyOperand());
}
