import type { CommandLine } from '../arguments/command-line.js';
import type { Session } from '../session.js';

/** Does what one command is for; throws where it fails. */
export type Verb = (line: CommandLine, session: Session) => Promise<void>;
