import { shellQuoted } from '../../printable.js';

/** What to do if an operand is not a file that can be read. A command line ends the text: it will be pasted. */
export interface InputHints {
  /** @param path undefined for standard input */
  readonly isDirectory: (path: string | undefined) => string;
  readonly isAbsent: (path: string) => string | undefined;
}

/** Of `decrypt` and `inspect`. */
export const OPENING_HINTS: InputHints = {
  isDirectory: () => 'Name a file in it.',
  isAbsent: () => undefined,
};

/** Of `encrypt`, which seals an archive of a folder, and what a command writes. */
export const SEALING_HINTS: InputHints = {
  isDirectory: (path) => `Seal an archive of it: ${archiving(path)}`,
  isAbsent: (path) =>
    /^[\w+-]+$/.test(path)
      ? `To seal what a command writes: sealpipe encrypt -o FILE -- ${path} ARGS…`
      : undefined,
};

/** The line that seals a folder, under a name beside it. */
function archiving(path: string | undefined): string {
  if (path === undefined) return 'sealpipe encrypt -o FILE -- tar -cf - FOLDER';
  const folder = path.replace(/(?<=.)\/+$/, '');
  const isNamed = !/(?:^|\/)\.{0,2}$/.test(folder);
  return `sealpipe encrypt -o ${isNamed ? shellQuoted(`${folder}.sealed`) : 'FILE'} -- tar -cf - ${shellQuoted(folder)}`;
}
