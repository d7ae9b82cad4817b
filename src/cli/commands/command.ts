import type { CommandLine } from '../arguments/command-line.js';
import type { Invocation } from '../invocation.js';

/** Does what one command is for; throws where it fails. */
export type Command = (line: CommandLine, invocation: Invocation) => Promise<void>;
