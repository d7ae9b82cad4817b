/** The ways in which a service, a proxy or a program may quote a value that it was sent. */
export const QUOTINGS: readonly (readonly [name: string, quote: (value: string) => string])[] = [
  ['plain', (value) => value],
  ['JSON', (value) => JSON.stringify(value)],
  ['JSON in JSON', (value) => JSON.stringify(JSON.stringify({ a: value }))],
  ['JSON in ASCII', (value) => escaped(value, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`)],
  ['base64', (value) => Buffer.from(value).toString('base64')],
  ['base64url', (value) => Buffer.from(value).toString('base64url')],
  ['hex', (value) => Buffer.from(value).toString('hex')],
  ['hex in upper case', (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['upper case', (value) => value.toUpperCase()],
  ['cut short', (value) => value.slice(0, Math.ceil(value.length / 2))],
  [
    'URL-encoded',
    (value) =>
      `%${Buffer.from(value)
        .toString('hex')
        .replace(/..(?!$)/g, '$&%')}`,
  ],
  ['a query', (value) => new URLSearchParams({ a: value }).toString().slice(2)],
  ['HTML', (value) => escaped(value, (unit) => `&#${unit};`)],
  ['numbers', (value) => [...Buffer.from(value)].join(', ')],
  ['backwards', (value) => [...value].reverse().join('')],
  ['words apart', (value) => [...value].join(' ')],
];

function escaped(value: string, write: (unit: number) => string): string {
  return Array.from({ length: value.length }, (_, at) => write(value.charCodeAt(at))).join('');
}
