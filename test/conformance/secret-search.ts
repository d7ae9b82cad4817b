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

/**
 * Where a secret can be reached from `value` by going from property to property: those that are hidden, symbols, and
 * the items of maps and sets included, and the bytes of buffers. Prototypes are not gone through.
 */
export function pathsTo(value: unknown, secret: Uint8Array | string): string[] {
  const bytes = Buffer.from(secret);
  const forms = typeof secret === 'string' ? [secret, ...writtenForms(bytes)] : writtenForms(bytes);
  const found: string[] = [];
  const seen = new Set<unknown>();
  const queue: (readonly [path: string, value: unknown])[] = [['', value]];
  for (const [path, item] of queue) {
    if (typeof item === 'string' && forms.some((form) => item.includes(form))) found.push(path);
    if (item === null || !['object', 'function'].includes(typeof item) || seen.has(item)) continue;
    seen.add(item);
    if (ArrayBuffer.isView(item)) {
      if (Buffer.from(item.buffer, item.byteOffset, item.byteLength).includes(bytes)) found.push(path);
    } else {
      queue.push(...partsOf(item as object).map(([name, part]) => [`${path}.${name}`, part] as const));
    }
  }
  return found;
}

function partsOf(item: object): [string, unknown][] {
  const own = Reflect.ownKeys(item).map((name): [string, unknown] => {
    const property = Reflect.getOwnPropertyDescriptor(item, name);
    return [String(name), name === 'stack' ? Reflect.get(item, name) : property?.value];
  });
  const items = item instanceof Map || item instanceof Set ? [...item.entries()] : [];
  return [...own, ...items.flatMap((pair, i): [string, unknown][] => [[`[${i}]`, pair]])];
}
