import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { optionsTypeError, SealpipeError } from '../errors.js';

/**
 * The folder of the keys of the current user's embedded KMS.
 *
 * @param home in place of SEALPIPE_HOME
 * @throws like `homeFolder`
 */
export function localKmsFolder(env: NodeJS.ProcessEnv, home?: string): string {
  return join(homeFolder(home === undefined ? env : { ...env, SEALPIPE_HOME: home }), 'kms');
}

/**
 * The folder for the user's data: SEALPIPE_HOME, or the platform's folder for application data.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS` if it is not text: Node replaces bytes that are not UTF-8 with U+FFFD,
 * and that would name another folder
 * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND` if the user has no home directory
 */
export function homeFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const folder = env.SEALPIPE_HOME ? resolve(env.SEALPIPE_HOME) : dataFolder(env, platform);
  if (folder.includes('\ufffd')) {
    throw optionsTypeError(`${folder} is not valid UTF-8, or contains the character U+FFFD`);
  }
  return folder;
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(userFolder(), 'Library', 'Application Support', 'sealpipe');
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(userFolder(), 'AppData', 'Local'), 'sealpipe');
  }
  // The XDG specification says that a relative path is ignored.
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(userFolder(), '.local', 'share');
  return join(data, 'sealpipe');
}

/** HOME, unless it is empty or relative: then the keys would be in the current folder. */
function userFolder(): string {
  try {
    const folder = homedir();
    return isAbsolute(folder) ? folder : userInfo().homedir;
  } catch (error) {
    // No HOME and no entry in the user database, like in many containers.
    throw new SealpipeError(
      'ERR_SEALPIPE_KEY_NOT_FOUND',
      'The embedded KMS has no folder: this user has no home directory',
      { hint: 'Set SEALPIPE_HOME to a folder for its keys', cause: error },
    );
  }
}
