import type { CommandLine } from '../arguments/command-line.js';
import type { Session } from '../session.js';

/** Does what one command is for; throws where it fails. */
export type Command = (line: CommandLine, session: Session) => Promise<void>;
