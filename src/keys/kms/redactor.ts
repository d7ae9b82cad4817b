/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

const REDACTED = '[redacted]';
/** Shorter values also stand inside of words that have nothing to do with them. */
const SHORTEST_INSIDE_WORDS = 6;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '"': 'quot',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  "'": 'apos',
};

/**
 * Replaces `secrets`, as they are and as JSON, HTML and URLs write them: from 6 characters on wherever they stand,
 * shorter ones as words of their own.
 */
export function redactor(secrets: readonly string[]): Redact {
  const values = [...new Set(secrets)].filter((secret) => secret !== '');
  if (values.length === 0) return (text) => text;
  const longestFirst = values.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(patternOf).join('|'), 'gu');
  return (text) => text.replace(pattern, REDACTED);
}

function patternOf(secret: string): string {
  const characters = [...secret];
  const forms = characters.map(formsOf).join('');
  if (characters.length >= SHORTEST_INSIDE_WORDS) return forms;
  return `(?<![\\p{L}\\p{N}])${forms}(?![\\p{L}\\p{N}])`;
}

/** What one character may be written as. No form is another's end, so that a match never goes back far. */
function formsOf(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const point = character.codePointAt(0)!;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const forms = [
    literal(character),
    literal(JSON.stringify(character).slice(1, -1)),
    units.map((unit) => `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`).join(''),
    `&#(?:0*${point}|[xX]0*${anyCase(point.toString(16))});`,
    [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`).join(''),
  ];
  const entity = NAMED_ENTITIES[character];
  if (entity !== undefined) forms.push(`&${entity};`);
  if (character === ' ') forms.push(literal('+'));
  return `(?:${forms.join('|')})`;
}

function literal(text: string): string {
  return [...text].map((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`).join('');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
