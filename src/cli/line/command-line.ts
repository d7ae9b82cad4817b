import { parseArgs } from 'node:util';
import { misuse } from '../say/failure.js';
import { USAGE } from '../say/words.js';
import type { Command } from './commands.js';
import { COMMANDS, findCommand, GROUPS } from './commands.js';
import type { OptionName } from './options.js';
import { OPTIONS, optionSpec } from './options.js';
import { suggestion } from './suggestion.js';
import { isText } from './text.js';

/** What the user asked for, checked against the tables. */
export interface CommandLine {
  readonly command: Command;
  readonly operands: readonly string[];
  /** What stands behind `--`, for a command that runs another. */
  readonly program: readonly string[] | undefined;
  readonly options: GivenOptions;
}

/** The options that were given. */
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

  /** The values of an option, in order; none where it was not given. */
  texts(name: OptionName): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/** What can be asked for before any command: `--help` and `--version` (which takes `--json`). */
const INSTEAD_OF_COMMAND: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
]);

/**
 * Reads the words behind `sealpipe`.
 *
 * @throws Failure with status 2, which says what was probably meant
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const unreadable = words.find((word) => !isText(word));
  if (unreadable !== undefined) throw misuse(USAGE.notText(unreadable));
  const [first = '', ...others] = words;
  const { command, rest } = findIn([INSTEAD_OF_COMMAND.get(first) ?? first, ...others]);
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
    if (token.kind === 'option') addOption(values, token, command);
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

function findIn(words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first = '', second = ''] = words;
  if (first === '') throw misuse(USAGE.noCommand());
  const isGroup = GROUPS.includes(first);
  const name = isGroup ? `${first} ${second}` : first;
  const command = findCommand(name);
  if (command !== undefined) return { command, rest: words.slice(isGroup ? 2 : 1) };
  if (isGroup && ['', 'help', '--help', '-h'].includes(second)) {
    if (second === '') throw misuse(USAGE.noSubcommand(first, subcommands(first)));
    return { command: findCommand('help')!, rest: [first] };
  }
  if (isGroup) throw misuse(USAGE.unknownSubcommand(first, second, suggestion(second, subcommands(first))));
  if (first.startsWith('-')) throw misuse(USAGE.optionBeforeCommand(first));
  const names = [...COMMANDS.map((command) => command.name).filter((name) => !name.includes(' ')), ...GROUPS];
  throw misuse(USAGE.unknownCommand(first, suggestion(first, names)));
}

/** The second words of the commands of a group. */
export function subcommands(group: string): string[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${group} `)).map(({ name }) =>
    name.slice(group.length + 1),
  );
}

function parserOption(name: OptionName): { type: 'string' | 'boolean'; short?: string; multiple: true } {
  const { value, short } = optionSpec(name);
  return { type: value === undefined ? 'boolean' : 'string', ...(short && { short }), multiple: true };
}

/** An option as parseArgs met it. */
interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function addOption(values: Map<OptionName, string[]>, token: OptionToken, command: Command): void {
  const { rawName, value, inlineValue } = token;
  const name = command.options.find((known) => known === token.name);
  if (name === undefined) {
    const known = command.options.map((option) => `--${option}`);
    const elsewhere = Object.hasOwn(OPTIONS, token.name) && rawName.startsWith('--');
    throw misuse(
      USAGE.unknownOption(
        rawName,
        command.name,
        elsewhere,
        elsewhere ? undefined : suggestion(rawName, known),
      ),
    );
  }
  const { value: wanted, repeats, choices } = optionSpec(name);
  if (wanted === undefined && value !== undefined) throw misuse(USAGE.takesNoValue(rawName));
  if (wanted !== undefined && (value === undefined || value === ''))
    throw misuse(USAGE.needsValue(rawName, wanted));
  if (!inlineValue && value !== undefined && /^-./.test(value))
    throw misuse(USAGE.looksLikeOption(rawName, value));
  const given = values.get(name);
  if (given !== undefined && wanted !== undefined && !repeats) throw misuse(USAGE.givenTwice(rawName));
  const chosen = choices?.find((choice) => choice.toLowerCase() === value?.toLowerCase());
  if (choices !== undefined && chosen === undefined) throw misuse(USAGE.notAChoice(rawName, value!, choices));
  values.set(name, [...(given ?? []), chosen ?? value ?? '']);
}

function checkOperands(
  command: Command,
  operands: readonly string[],
  program: readonly string[] | undefined,
): void {
  const { name, leastOperands, mostOperands, usage } = command;
  if (program !== undefined && program.length === 0) throw misuse(USAGE.noProgram());
  if (program !== undefined && operands.length > 0) throw misuse(USAGE.fileAndProgram(operands[0]!));
  if (operands.length < leastOperands) throw misuse(USAGE.tooFewOperands(name, usage[0]!));
  if (operands.length > mostOperands) {
    throw misuse(USAGE.tooManyOperands(operands[mostOperands]!, name, usage[0]!));
  }
  if (operands.includes('') || program?.[0] === '') throw misuse(USAGE.emptyOperand());
}
