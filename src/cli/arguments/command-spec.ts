import type { OptionName } from './options.js';

/** One command: everything that parsing, help and completion know about it. */
export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** The usage after the name, one line per form. */
  readonly usage: readonly string[];
  readonly leastOperands: number;
  readonly mostOperands: number;
  /** The kind of its operands, for completion. */
  readonly operand?: 'file' | 'shell' | 'command' | 'key';
  /** Whether `-- CMD ARGS…` may follow. */
  readonly takesProgram?: true;
  readonly options: readonly OptionName[];
  /** Descriptions of options that differ from those in other commands. */
  readonly says?: Partial<Record<OptionName, string>>;
  /** Paragraphs of the help, in lines. */
  readonly details: readonly string[];
  /** Examples: what each does, and its command line. */
  readonly examples: readonly (readonly [what: string, line: string])[];
}

/** Options that every command with an effect has. */
export const TALK = ['quiet', 'verbose', 'help'] as const;
