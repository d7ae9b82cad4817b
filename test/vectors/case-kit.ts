import { readU32 } from '../../src/bytes.js';
import type { ErrorCode } from '../../src/errors.js';
import type { LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';
import type { Crafted, Recipe } from './craft.js';
import { craft } from './craft.js';
import type { Vector, VectorKey, VectorParts } from './form.js';
import { vectorOf } from './form.js';
import { KEY_NAME, seed, text, WRAPPING_KEY } from './material.js';

export const SUITE_NAMES: readonly SuiteName[] = [
  'AES-256-GCM',
  'AES-128-GCM',
  'CHACHA20-POLY1305',
  'AES-256-GCM-SIV',
  'SM4-GCM',
];
export const LAYOUT_NAMES: readonly LayoutName[] = ['fixed', 'record'];
export const OUR_KEYS: readonly VectorKey[] = [{ name: KEY_NAME, key: WRAPPING_KEY }];

/** What the plaintext of a case is where nothing else is said. */
export function plaintextOf(name: string): Buffer {
  return text(`The plaintext of ${name}.`);
}

/** The suite that every reader has, with a layout that follows from a name, so that cases spread over both. */
export function anySort(name: string): Sort {
  return { suite: SUITE_NAMES[0]!, layout: LAYOUT_NAMES[seed(`sort of ${name}`)[1]! % 2]! };
}

export type Sort = { readonly suite: SuiteName; readonly layout: LayoutName };

/** Every suite with every layout. */
export function everySort(): Sort[] {
  return SUITE_NAMES.flatMap((suite) => LAYOUT_NAMES.map((layout) => ({ suite, layout })));
}

/** `aes-256-gcm-fixed` */
export function sortName({ suite, layout }: Sort): string {
  return `${suite.toLowerCase()}-${layout}`;
}

export type Rest = Partial<Omit<VectorParts, 'name' | 'comment' | 'suite' | 'layout' | 'stream'>>;

/** A stream that opens. */
export function opens(name: string, comment: string, recipe: Partial<Recipe> = {}, rest: Rest = {}): Vector {
  return refuses(name, comment, undefined, recipe, {
    released: recipe.plaintext ?? plaintextOf(name),
    ...rest,
  });
}

/** A stream with a legal preamble that is refused before any plaintext. */
export function refuses(
  name: string,
  comment: string,
  code: ErrorCode | undefined,
  recipe: Partial<Recipe> = {},
  rest: Rest = {},
): Vector {
  const whole = { ...anySort(name), ...recipe };
  const { stream, preambleSize } = craft(name, whole);
  const expect = code ?? 'success';
  return vectorOf({ name, comment, ...sortOf(whole), keys: OUR_KEYS, expect, preambleSize, stream, ...rest });
}

/** A stream whose preamble is outside the format, and whose keys and frames are right. */
export function malformed(name: string, comment: string, recipe: Partial<Recipe>): Vector {
  return refuses(name, comment, 'ERR_SEALPIPE_FORMAT', recipe, { preambleSize: undefined });
}

/** A good stream that is changed afterwards. Its preamble is taken to be legal still, unless `rest` says otherwise. */
export function altered(
  name: string,
  comment: string,
  expect: ErrorCode | 'success',
  change: (crafted: Crafted) => Uint8Array,
  recipe: Partial<Recipe> = {},
  rest: Rest = {},
): Vector {
  const whole = { ...anySort(name), ...recipe };
  const stream = change(craft(name, whole));
  const preambleSize = 84 + readU32(stream, 12) + readU32(stream, 16);
  return vectorOf({ name, comment, ...sortOf(whole), keys: OUR_KEYS, expect, preambleSize, stream, ...rest });
}

/** For `altered`: the preamble is no longer legal. */
export const NO_PREAMBLE: Rest = { preambleSize: undefined };

function sortOf({ suite, layout }: Sort): Sort {
  return { suite, layout };
}
