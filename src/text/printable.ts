/**
 * Control and format characters (including bidirectional marks), private and unassigned characters, lone surrogates,
 * line breaks, spaces that look like the ordinary one, and characters that are invisible, such as U+FE0F and U+3164.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** The same for JSON, which keeps its line breaks. */
const UNPRINTABLE_IN_JSON = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** The most characters of a name in a message: an ARN of AWS KMS has up to 200. */
const LONGEST_NAME = 256;
/** The most names in a message. */
const LONGEST_LIST = 4;

/**
 * Escapes every character that could move a cursor, change the direction of writing or hide, because the author of a
 * stream chooses the names and contexts in it.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The same in quotation marks, so that its end and its escapes are unambiguous. */
export function quoted(text: string): string {
  return `"${printable(text.replace(/["\\]/g, '\\$&'))}"`;
}

/** JSON with the same characters escaped in its strings; it remains valid JSON. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(UNPRINTABLE_IN_JSON, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The text, or its beginning and an ellipsis, for names in messages that anybody may have chosen. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  // Do not split a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
  return `${text.slice(0, end)}…`;
}

/** The first names, and the number of the others. */
export function listed(names: readonly string[], separator: string): string {
  if (names.length <= LONGEST_LIST) return names.join(separator);
  return [...names.slice(0, LONGEST_LIST - 1), `${names.length - LONGEST_LIST + 1} more`].join(separator);
}
