/**
 * Control and format characters (bidirectional marks among them), private and unassigned ones, lone surrogates, line
 * breaks, spaces that look like the ordinary one, and what is drawn as nothing at all, such as U+FE0F and U+3164.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** The same in JSON, whose own line breaks stay. */
const UNPRINTABLE_IN_JSON = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** Characters of a name that a message shows: an ARN of AWS KMS has up to 200. */
const LONGEST_NAME = 256;
/** Names that a message lists. */
const LONGEST_LIST = 4;

/**
 * The same text with every character escaped that could move a cursor, turn the direction of writing or hide: names
 * and contexts in a stream are chosen by whoever wrote it.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The same in quotation marks, with no doubt about where it ends and what of it is an escape. */
export function quoted(text: string): string {
  return `"${printable(text.replace(/["\\]/g, '\\$&'))}"`;
}

/** JSON whose strings are escaped in the same spirit, and still JSON. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(UNPRINTABLE_IN_JSON, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The text, or its beginning and an ellipsis: what a message shows of a name that anybody may have chosen. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  // No surrogate is left without its other half.
  const end = /[\ud800-\udbff]/.test(text.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
  return `${text.slice(0, end)}…`;
}

/** The first of the names, and how many more there are. */
export function listed(names: readonly string[], separator: string): string {
  if (names.length <= LONGEST_LIST) return names.join(separator);
  return [...names.slice(0, LONGEST_LIST - 1), `${names.length - LONGEST_LIST + 1} more`].join(separator);
}
