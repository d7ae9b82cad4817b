/**
 * Whether a word of the command line or the environment is what the user wrote. Node puts U+FFFD where it finds bytes
 * that are not UTF-8, and that would name another file.
 */
export function isText(word: string): boolean {
  return !word.includes('\ufffd');
}
