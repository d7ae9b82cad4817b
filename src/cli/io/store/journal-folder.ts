import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder } from '../../../keys/home.js';
import type { Invocation } from '../../invocation.js';
import { STORE_NOTES } from '../../terminal/messages/store.js';

/** The folder of the journals of uploads. @throws like `homeFolder` */
export function uploadsFolder(env: NodeJS.ProcessEnv): string {
  return join(homeFolder(env), 'uploads');
}

/** Creates the folder and checks that it is writable; undefined, with a note, if that fails. */
export async function journalFolder({ env, terminal }: Invocation): Promise<string | undefined> {
  try {
    const folder = uploadsFolder(env);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    terminal.detail(STORE_NOTES.noJournal((error as Error).message));
    return undefined;
  }
}
