import type { OptionName } from './options.js';

/** One command: all that parsing, help and completion know of it. */
export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** What follows the name, one line for each way to call it. */
  readonly usage: readonly string[];
  readonly leastOperands: number;
  readonly mostOperands: number;
  /** What its operands are, for completion. */
  readonly operand?: 'file' | 'shell' | 'command' | 'key';
  /** `-- CMD ARGS…` may follow. */
  readonly takesProgram?: true;
  readonly options: readonly OptionName[];
  /** What an option does here, if that differs from other commands. */
  readonly says?: Partial<Record<OptionName, string>>;
  /** Paragraphs of the help, in lines. */
  readonly details: readonly string[];
  /** What it does, and the line that does it. */
  readonly examples: readonly (readonly [what: string, line: string])[];
}

/** Options that every command that does something has. */
export const TALK = ['quiet', 'verbose', 'help'] as const;
