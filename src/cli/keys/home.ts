import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the command keeps what belongs to the user: SEALPIPE_HOME, or the platform's folder for the data of programs.
 */
export function homeFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env.SEALPIPE_HOME) return resolve(env.SEALPIPE_HOME);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'sealpipe');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'sealpipe');
  // The XDG specification has a relative path ignored.
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(homedir(), '.local', 'share');
  return join(data, 'sealpipe');
}
