import { malformed, opens } from '../case-kit.js';
import type { Wrapping } from '../craft.js';
import { packEnvelope, packRecipient } from '../craft.js';
import type { Vector } from '../form.js';
import type { Bytes, Text } from '../packing.js';
import { array, bin, head, map, NIL, str, uint } from '../packing.js';
import { wrongKinds } from './bounds.js';

/** A recipient that is nobody's here. */
const OTHER: Wrapping = { provider: 'vectors.example', key: 'other', wrapped: Buffer.from('wrapped') };

/** FORMAT 2, envelope: what must be there, of which kind, and every limit. */
export function envelopeCases(): Vector[] {
  return [...wholes(), ...fields(), ...limits(), ...pads(), ...counts()];
}

type Make = (ours: Wrapping) => Bytes;

function bad(name: string, comment: string, envelope: Make): Vector {
  return malformed(`envelope/${name}`, comment, { envelope });
}

function good(name: string, comment: string, envelope: Make): Vector {
  return opens(`envelope/${name}`, comment, { envelope });
}

/** Our recipient, and then one of these bytes. */
function beside(second: Bytes): Make {
  return (ours) => map(['recipients', array(packRecipient(ours), second)]);
}

function wholes(): Vector[] {
  return [
    ...wrongKinds('map').map(([kind, value]) =>
      bad(`is-${kind}`, `The envelope is no map: ${kind}`, () => value),
    ),
    bad('empty', 'The envelope is an empty map', () => map()),
    bad('no-recipients', 'No recipients', () => map(['pad', bin(Buffer.alloc(900))])),
    bad('recipients-twice', 'recipients twice', (ours) =>
      packEnvelope([ours], ['recipients', array(packRecipient(OTHER))]),
    ),
    bad('unknown-twice', 'An unknown key twice', (ours) => packEnvelope([ours], ['x', NIL], ['x', NIL])),
    ...wrongKinds('array').map(([kind, value]) =>
      bad(`recipients-${kind}`, `recipients is no array: ${kind}`, () => map(['recipients', value])),
    ),
    ...wrongKinds('map').map(([kind, value]) =>
      bad(`recipient-${kind}`, `The second recipient is no map: ${kind}`, beside(value)),
    ),
    bad('recipients-array-16', 'recipients is an array 16 of 1', (ours) =>
      map(['recipients', Buffer.concat([head(0xdc, 2, 1), packRecipient(ours)])]),
    ),
    bad('recipient-map-16', 'A recipient is a map 16 of 3', (ours) =>
      map(['recipients', array(Buffer.concat([head(0xde, 2, 3), packRecipient(ours).subarray(1)]))]),
    ),
    good(
      'keys-in-another-order',
      'pad before recipients, and a recipient back to front',
      ({ key, wrapped }) =>
        map(
          ['pad', bin(Buffer.alloc(9))],
          ['recipients', array(map(['wrapped', bin(wrapped)], ['key', str(key)], ['provider', str('raw')]))],
        ),
    ),
  ];
}

function fields(): Vector[] {
  const values = { provider: str(OTHER.provider), key: str(OTHER.key), wrapped: bin(OTHER.wrapped) };
  const names = ['provider', 'key', 'wrapped'] as const;
  return names.flatMap((field) => {
    const rest = names.filter((name) => name !== field).map((name) => [name, values[name]] as const);
    return [
      bad(`no-${field}`, `A recipient without ${field}`, beside(map(...rest))),
      bad(
        `${field}-twice`,
        `A recipient with ${field} twice`,
        beside(map(...rest, [field, values[field]], [field, values[field]])),
      ),
      ...wrongKinds(field === 'wrapped' ? 'bin' : 'str').map(([kind, value]) =>
        bad(
          `${field}-${kind}`,
          `A recipient's ${field} is of another kind: ${kind}`,
          beside(map(...rest, [field, value])),
        ),
      ),
    ];
  });
}

function limits(): Vector[] {
  const other = (change: Partial<Wrapping>) => beside(packRecipient({ ...OTHER, ...change }));
  const provider = (name: string, value: Text) =>
    bad(`provider-${name}`, `A provider outside [a-z0-9.-]{1,64}: ${name}`, other({ provider: value }));
  return [
    provider('empty', ''),
    provider('of-65', 'p'.repeat(65)),
    provider('capital', 'Raw'),
    provider('underscore', 'a_b'),
    provider('space', 'a b'),
    provider('slash', 'a/b'),
    provider('line-end', 'raw\n'),
    provider('null-character', 'raw\0'),
    provider('umlaut', '\u00e4'),
    good('provider-of-64', 'A provider of 64 characters', other({ provider: `${'p-9.'.repeat(16)}` })),
    good('provider-of-1', 'A provider of one character', other({ provider: '.' })),
    bad('key-empty', 'A key of no bytes', other({ key: '' })),
    bad('key-of-2049', 'A key of 2,049 bytes', other({ key: 'k'.repeat(2_049) })),
    bad(
      'key-of-1025-characters',
      'A key of 1,025 characters that take 2,050 bytes',
      other({ key: '\u00e9'.repeat(1_025) }),
    ),
    good('key-of-2048', 'A key of 2,048 bytes', other({ key: 'k'.repeat(2_048) })),
    good('key-odd', 'A key that begins with U+FEFF and holds U+0000', other({ key: '\ufeff\0\u202e' })),
    bad('wrapped-empty', 'A wrapped key of no bytes', other({ wrapped: Buffer.alloc(0) })),
    bad('wrapped-of-6145', 'A wrapped key of 6,145 bytes', other({ wrapped: Buffer.alloc(6_145) })),
    good('wrapped-of-6144', 'A wrapped key of 6,144 bytes', other({ wrapped: Buffer.alloc(6_144) })),
    good('wrapped-of-1', 'A wrapped key of one byte', other({ wrapped: Buffer.alloc(1) })),
  ];
}

function pads(): Vector[] {
  const padded =
    (pad: Bytes): Make =>
    (ours) =>
      packEnvelope([ours], ['pad', pad]);
  const marked = (at: number) => {
    const bytes = Buffer.alloc(300);
    bytes[at] = 0x80;
    return bin(bytes);
  };
  return [
    ...wrongKinds('bin').map(([kind, value]) =>
      bad(`pad-${kind}`, `pad is no binary: ${kind}`, padded(value)),
    ),
    bad('pad-first-byte', 'The first byte of the pad is not zero', padded(marked(0))),
    bad('pad-middle-byte', 'A byte of the pad is not zero', padded(marked(123))),
    bad('pad-last-byte', 'The last byte of the pad is not zero', padded(marked(299))),
    bad('pad-twice', 'pad twice', (ours) =>
      packEnvelope([ours], ['pad', bin(Buffer.alloc(1))], ['pad', bin(Buffer.alloc(1))]),
    ),
    bad('pad-bin-16', 'pad is a bin 16 of 5', padded(Buffer.concat([head(0xc5, 2, 5), Buffer.alloc(5)]))),
    bad(
      'pad-bin-32',
      'pad is a bin 32 of 256',
      padded(Buffer.concat([head(0xc6, 4, 256), Buffer.alloc(256)])),
    ),
    good('pad-empty', 'A pad of no bytes', padded(bin(Buffer.alloc(0)))),
    good('pad-odd', 'A pad that makes no multiple of 1,024', padded(bin(Buffer.alloc(7)))),
    good('pad-none', 'No pad', (ours) => packEnvelope([ours])),
  ];
}

function counts(): Vector[] {
  const others = (count: number) => Array.from({ length: count }, (_, i) => ({ ...OTHER, key: `key ${i}` }));
  return [
    bad('0-recipients', 'No recipient', () => packEnvelope([])),
    bad('33-recipients', '33 recipients', (ours) => packEnvelope([...others(32), ours])),
    good('32-recipients', '32 recipients, and ours is the last', (ours) =>
      packEnvelope([...others(31), ours]),
    ),
    bad('doubled', 'Our recipient twice', (ours) => packEnvelope([ours, ours])),
    bad('doubled-other', 'Two others share provider and key, and not the wrapped key', (ours) =>
      packEnvelope([ours, OTHER, { ...OTHER, wrapped: Buffer.from('another') }]),
    ),
    bad('doubled-first-and-last', 'The first of four recipients is the last', (ours) =>
      packEnvelope([OTHER, ours, ...others(1), OTHER]),
    ),
    good('same-key-of-two-providers', 'Two recipients share the key, and not the provider', (ours) =>
      packEnvelope([{ ...OTHER, key: ours.key }, ours]),
    ),
    good('keys-alike', 'Two recipients whose keys differ in normalisation alone', (ours) =>
      packEnvelope([{ ...OTHER, key: '\u00e9' }, { ...OTHER, key: 'e\u0301' }, ours]),
    ),
    good('unknown-recipient-keys', 'A recipient with an unknown key', (ours) =>
      map(['recipients', array(packRecipient(ours, ['x', uint(1)]))]),
    ),
  ];
}
