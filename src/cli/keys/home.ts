import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KEY_TROUBLE } from '../terminal/key-messages.js';
import { USAGE } from '../terminal/messages.js';
import { isText } from '../terminal/text.js';

/**
 * Where the command keeps what belongs to the user: SEALPIPE_HOME, or the platform's folder for the data of programs.
 *
 * @throws CommandError with status 2 where it is no text, with status 5 where the user has no home directory
 */
export function homeFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const folder = env.SEALPIPE_HOME ? resolve(env.SEALPIPE_HOME) : dataFolder(env, platform);
  if (!isText(folder)) throw misuse(USAGE.notText(folder));
  return folder;
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(userFolder(), 'Library', 'Application Support', 'sealpipe');
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(userFolder(), 'AppData', 'Local'), 'sealpipe');
  }
  // The XDG specification has a relative path ignored.
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(userFolder(), '.local', 'share');
  return join(data, 'sealpipe');
}

/** HOME, unless it is empty or relative: then the keys would be wherever the command happens to be called. */
function userFolder(): string {
  try {
    const folder = homedir();
    return isAbsolute(folder) ? folder : userInfo().homedir;
  } catch (error) {
    // No HOME and no entry among the users, as in many containers.
    throw new CommandError(EXIT.key, KEY_TROUBLE.noHome(), error);
  }
}
