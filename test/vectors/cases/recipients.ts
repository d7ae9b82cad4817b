import { sha256 } from '../../../src/crypto/key-schedule.js';
import { SUITES } from '../../../src/suites.js';
import type { Rest } from '../case-kit.js';
import { anySort, opens, plaintextOf, refuses, SUITE_NAMES } from '../case-kit.js';
import type { Recipe, Wrapping } from '../craft.js';
import { contextBytes, packEnvelope, rawWrapping } from '../craft.js';
import type { Vector } from '../form.js';
import { flipped } from '../frame-forge.js';
import { KEY_NAME, material, seed, WRAPPING_KEY } from '../material.js';

const MISMATCH = 'ERR_SEALPIPE_KEY_MISMATCH';
const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';
const SECOND = { name: 'second', key: seed('second wrapping key') };
const BOTH: Rest = { keys: [{ name: KEY_NAME, key: WRAPPING_KEY }, SECOND] };
const PRIVATE: Wrapping = { provider: 'vectors.example', key: KEY_NAME, wrapped: Buffer.from('private') };
const EMPTY = sha256(contextBytes([]));

/** FORMAT 2, "Which recipient", and the provider `raw`. */
export function recipientCases(): Vector[] {
  return [...several(), ...setAside(), ...unusable(), ...dataKeys()];
}

type Recipients = (ours: Wrapping, second: Wrapping) => readonly Wrapping[];

/** A stream for our key and a second one; `recipients` says what its envelope makes of that. */
function sealedFor(name: string, recipients: Recipients): Recipe {
  const sort = anySort(name);
  const dataKey = material(`${name}, data key`, SUITES[sort.suite].keySize);
  const second = rawWrapping(name, dataKey, EMPTY, SECOND);
  return { ...sort, envelope: (ours) => packEnvelope(recipients(ours, second)) };
}

function good(name: string, comment: string, recipients: Recipients, rest: Rest = {}): Vector {
  const full = `recipients/${name}`;
  return opens(full, comment, sealedFor(full, recipients), { released: plaintextOf(full), ...rest });
}

function bad(
  name: string,
  comment: string,
  code: typeof MISMATCH | typeof AUTHENTICATION,
  recipients: Recipients,
  rest: Rest = {},
): Vector {
  return refuses(`recipients/${name}`, comment, code, sealedFor(`recipients/${name}`, recipients), rest);
}

/** Unwraps well, to the data key of another stream. */
function strange(ours: Wrapping): Wrapping {
  return rawWrapping('another stream', material('another data key', 32), EMPTY, {
    name: ours.key as string,
    key: WRAPPING_KEY,
  });
}

function several(): Vector[] {
  const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const kms = (key: string): Wrapping => ({ provider: 'aws-kms', key, wrapped: Buffer.from('blob') });
  return [
    good('two', 'Two recipients, the reader has the first', (ours, second) => [ours, second]),
    good('two-second', 'Two recipients, the reader has the second', (ours, second) => [ours, second], {
      keys: [SECOND],
    }),
    good('swapped', 'Two recipients, exchanged after the sealing', (ours, second) => [second, ours]),
    good('first-stripped', 'The first of two was taken out', (_ours, second) => [second], BOTH),
    good('private-first', 'A private provider comes first, and is passed over', (ours) => [PRIVATE, ours]),
    good('unknown-provider', 'A provider without a dot that is not known', (ours) => [
      { ...PRIVATE, provider: 'later' },
      ours,
    ]),
    good('aws-kms-first', 'A recipient of AWS KMS is passed over by a reader without it', (ours) => [
      kms(arn),
      ours,
    ]),
    good('aws-kms-alias', 'A recipient of AWS KMS that is no key ARN is passed over', (ours) => [
      kms('alias/x'),
      ours,
    ]),
    good('raw-of-another-length', 'A raw recipient of another key, and of an illegal length', (ours) => [
      { ...ours, key: 'other', wrapped: Buffer.from('short') },
      ours,
    ]),
    bad('stripped', 'Our recipient was taken out', MISMATCH, (_ours, second) => [second]),
    bad('none-ours', 'Only a private provider', MISMATCH, () => [PRIVATE]),
    bad('key-of-another-case', 'A raw recipient of a key of another case', MISMATCH, (ours) => [
      { ...ours, key: KEY_NAME.toUpperCase() },
    ]),
    bad('provider-renamed', 'Our recipient under another provider', MISMATCH, (ours) => [
      { ...ours, provider: 'vectors.example' },
    ]),
  ];
}

function setAside(): Vector[] {
  const damaged = (ours: Wrapping, at = -1) => ({ ...ours, wrapped: flipped(ours.wrapped, at) });
  const first = (name: string, comment: string, spoil: (ours: Wrapping) => Wrapping) =>
    good(
      `set-aside-${name}`,
      `${comment}; the second is good`,
      (ours, second) => [spoil(ours), second],
      BOTH,
    );
  return [
    first('damaged', 'The first of two that are ours is damaged', damaged),
    first('cut', 'The first of two that are ours is cut', (ours) => ({
      ...ours,
      wrapped: ours.wrapped.subarray(1),
    })),
    first('too-short', 'The first of two that are ours is of an illegal length', (ours) => ({
      ...ours,
      wrapped: ours.wrapped.subarray(0, 1),
    })),
    first('misses', 'The first of two that are ours gives the data key of another stream', strange),
    good(
      'set-aside-not-ours',
      'The first is not ours, the second is damaged, the third is good',
      (ours, second) => [PRIVATE, damaged(ours), second],
      BOTH,
    ),
    bad(
      'both-damaged',
      'Both are ours and damaged',
      AUTHENTICATION,
      (ours, second) => [damaged(ours), damaged(second)],
      BOTH,
    ),
    bad('damaged', 'A bit of the wrapped data key flipped', AUTHENTICATION, (ours) => [damaged(ours, 40)]),
  ];
}

function unusable(): Vector[] {
  const one = (name: string, comment: string, spoil: (ours: Wrapping) => Wrapping, rest: Rest = {}) =>
    bad(name, comment, AUTHENTICATION, (ours) => [spoil(ours)], rest);
  const sized = (size: number) => (ours: Wrapping) => ({ ...ours, wrapped: Buffer.alloc(size, 7) });
  return [
    one('r-flipped', 'A bit of r flipped', (ours) => ({ ...ours, wrapped: flipped(ours.wrapped, 0) })),
    one('tag-flipped', 'A bit of the tag flipped', (ours) => ({
      ...ours,
      wrapped: flipped(ours.wrapped, -1),
    })),
    one('wrapped-cut', 'The last byte of the wrapped key cut', (ours) => ({
      ...ours,
      wrapped: ours.wrapped.subarray(0, -1),
    })),
    one('wrapped-of-1', 'A wrapped key of 1 byte', sized(1)),
    one('wrapped-of-48', 'A wrapped key of 48 bytes: no data key', sized(48)),
    one('wrapped-of-1073', 'A wrapped key of 1,073 bytes: a data key of 1,025', sized(1_073)),
    one('of-another-stream', 'Our recipient of another stream', strange),
    one('another-wrapping-key', 'The reader has another key under this name', (ours) => ours, {
      keys: [{ name: KEY_NAME, key: seed('another wrapping key') }],
    }),
    bad('renamed', "Another recipient's wrapped key under our name", AUTHENTICATION, (_ours, second) => [
      { ...second, key: KEY_NAME },
    ]),
  ];
}

/** In a suite of each K. */
function dataKeys(): Vector[] {
  return SUITE_NAMES.slice(0, 2).flatMap((suite) => {
    const { keySize } = SUITES[suite];
    const of = (bytes: number) => ({ suite, dataKeyBytes: bytes });
    const name = (bytes: number) => `recipients/data-key-of-${bytes}-${suite.toLowerCase()}`;
    return [
      ...[keySize + 1, 1_024].map((bytes) =>
        opens(name(bytes), `A data key of ${bytes} bytes, K is ${keySize}`, of(bytes)),
      ),
      ...[keySize - 1, 1_025].map((bytes) =>
        refuses(name(bytes), `A data key of ${bytes} bytes, K is ${keySize}`, AUTHENTICATION, of(bytes)),
      ),
    ];
  });
}
