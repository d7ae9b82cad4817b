import type { CommandLine } from '../arguments/command-line.js';
import type { Invocation } from '../invocation.js';

/** Runs one command; throws if it fails. */
export type Command = (line: CommandLine, invocation: Invocation) => Promise<void>;
