import { inspect } from 'node:util';

/** Everything that can be read from `value` as text: what a logger would print and what JSON keeps, hidden parts too. */
export function textOf(value: unknown): string {
  const seen = inspect(value, { depth: 12, showHidden: true, maxArrayLength: 2_000, maxStringLength: null });
  const errors: string[] = [];
  for (let error = value; error instanceof Error; error = error.cause) {
    errors.push(String(error.stack), JSON.stringify(error));
  }
  return [seen, ...errors].join('\n');
}

/** The forms in which bytes would show up in a text. */
export function writtenForms(secret: Uint8Array): string[] {
  const buffer = Buffer.from(secret);
  const hex = buffer.toString('hex');
  return [
    hex,
    hex.toUpperCase(),
    hex.replace(/..(?!$)/g, '$& '),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
    [...buffer].join(','),
    [...buffer].join(', '),
  ];
}

/** The forms of `secret` that can be read from `value`. */
export function secretsIn(value: unknown, secret: Uint8Array): string[] {
  const text = textOf(value)
    .replace(/,\n\s*/g, ', ')
    .replace(/ +/g, ' ');
  return writtenForms(secret).filter((form) => text.includes(form));
}
