import { shellQuoted } from '../../printable.js';

/** Hints for an operand that is not a readable file. A command line comes last, so that it can be pasted. */
export interface InputHints {
  /** @param path undefined for standard input */
  readonly isDirectory: (path: string | undefined) => string;
  readonly isAbsent: (path: string) => string | undefined;
}

/** Hints of `decrypt`. */
export const OPENING_HINTS: InputHints = {
  isDirectory: () => 'Name a file in it.',
  isAbsent: () => undefined,
};

/** Hints of `inspect`. */
export const INSPECTING_HINTS: InputHints = {
  isDirectory: (path) => (path === undefined ? 'Name a file in it.' : allFilesHint(path)),
  isAbsent: () => undefined,
};

/** The hint for a folder without `/`, of commands that also take `FOLDER/`. */
export function allFilesHint(path: string): string {
  return `Name a file in it, or write ${shellQuoted(`${path}/`)} for all files in it.`;
}

/** Hints of `encrypt`, which can seal an archive of a folder or the output of a command. */
export const SEALING_HINTS: InputHints = {
  isDirectory: (path) => `Seal an archive of it: ${archiving(path)}`,
  isAbsent: (path) =>
    /^[\w+-]+$/.test(path)
      ? `To seal what a command writes: sealpipe encrypt -o FILE -- ${path} ARGS…`
      : undefined,
};

/** The command line that seals a folder into a file beside it. */
function archiving(path: string | undefined): string {
  if (path === undefined) return 'sealpipe encrypt -o FILE -- tar -cf - FOLDER';
  const folder = path.replace(/(?<=.)\/+$/, '');
  const isNamed = !/(?:^|\/)\.{0,2}$/.test(folder);
  return `sealpipe encrypt -o ${isNamed ? shellQuoted(`${folder}.sealed`) : 'FILE'} -- tar -cf - ${shellQuoted(folder)}`;
}
