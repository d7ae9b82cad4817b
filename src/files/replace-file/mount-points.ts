import { readFile } from 'node:fs/promises';

/** Whether something is mounted at a real path; undefined if the system does not tell. */
export async function isMountPoint(path: string): Promise<boolean | undefined> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => undefined);
  const place = inTable(path);
  return table?.split('\n').some((line) => line.split(' ')[4] === place);
}

/** In the notation of the table: spaces, tabs, line breaks and backslashes in octal. */
function inTable(path: string): string {
  return path.replace(
    /[ \t\n\\]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
