import { createCipheriv } from 'node:crypto';
import { u32 } from '../../src/bytes.js';
import { pickEngine } from '../../src/crypto/engines.js';
import { hkdf } from '../../src/crypto/hkdf.js';
import { deriveStreamKeys, sha256 } from '../../src/crypto/key-schedule.js';
import { encodePrologue, prologueParameters } from '../../src/format/prologue.js';
import type { LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';
import { COMMITMENT_SIZE, SUITES } from '../../src/suites.js';
import { FrameForge } from './frame-forge.js';
import { CREATED, KEY_NAME, material, seed, text, WRAPPING_KEY } from './material.js';
import type { Bytes, Pair, Text } from './packing.js';
import { array, bin, map, str, uint } from './packing.js';

/** A recipient, which need not be a legal one. */
export interface Wrapping {
  readonly provider: Text;
  readonly key: Text;
  readonly wrapped: Bytes;
}

/** The pairs of an encryption context, in the order of its `contextBytes`. */
export type ContextPairs = readonly (readonly [Text, Text])[];

/** What a stream is made of. Nothing is checked: what is sealed here can be outside the format in any way. */
export interface Recipe {
  readonly suite: SuiteName;
  readonly layout: LayoutName;
  readonly frameSizeLog2?: number;
  /** What the keys are derived under. Default: none. */
  readonly context?: ContextPairs;
  /** Default: `context` and `created`. */
  readonly bound?: Bytes;
  /** Made from the one recipient that the reader can use. Default: that one and nothing else. */
  readonly envelope?: (ours: Wrapping) => Bytes;
  readonly dataKeyBytes?: number;
  /** Default: the whole of `plaintext` as one last frame. `stranger` seals for another stream of the same data key. */
  readonly frames?: (forge: FrameForge, stranger: FrameForge) => readonly Bytes[];
  readonly plaintext?: Bytes;
}

/** The parts of a sealed stream. */
export interface Crafted {
  readonly prologue: Buffer;
  readonly bound: Bytes;
  readonly envelope: Bytes;
  readonly frames: readonly Bytes[];
  readonly preambleSize: number;
  readonly stream: Buffer;
}

/** What the keys of a stream follow from, besides its salt. */
export interface Base extends Pick<Recipe, 'suite' | 'layout'> {
  readonly frameSizeLog2: number;
  readonly dataKey: Bytes;
  readonly contextDigest: Bytes;
  readonly bound: Bytes;
  readonly envelope: Bytes;
}

/** The prologue of a stream with this salt, and what seals its frames. */
export function begin(base: Base, salt: Bytes): { prologue: Buffer; forge: FrameForge } {
  const { suite, layout, dataKey, contextDigest, bound, envelope } = base;
  const frameSize = 2 ** base.frameSizeLog2;
  const lengths = { boundLength: bound.length, envelopeLength: envelope.length };
  const fields = { suite, layout, frameSize, salt, ...lengths };
  const parameters = prologueParameters(
    encodePrologue({ ...fields, commitment: Buffer.alloc(COMMITMENT_SIZE) }),
  );
  const input = { suite: SUITES[suite], salt, parameters, boundBytes: bound, contextDigest };
  const { commitment, frameKey, baseNonce } = deriveStreamKeys(dataKey, input);
  const cipher = pickEngine(suite).create(suite, frameKey, baseNonce);
  const prologue = Buffer.from(encodePrologue({ ...fields, commitment }));
  return { prologue, forge: new FrameForge(cipher, layout, frameSize, contextDigest) };
}

/** Puts a stream together. `name` is what its salt and its data key follow from. */
export function craft(name: string, recipe: Recipe): Crafted {
  const { suite, layout, frameSizeLog2 = 12, context = [] } = recipe;
  const dataKey = material(`${name}, data key`, recipe.dataKeyBytes ?? SUITES[suite].keySize);
  const contextDigest = sha256(contextBytes(context));
  const bound = recipe.bound ?? packBound(context);
  const envelope = (recipe.envelope ?? ((ours) => packEnvelope([ours])))(
    rawWrapping(name, dataKey, contextDigest),
  );
  const base = { suite, layout, frameSizeLog2, dataKey, contextDigest, bound, envelope };
  const { prologue, forge } = begin(base, seed(`${name}, salt`));
  const stranger = begin(base, seed(`${name}, another salt`)).forge;
  const frames =
    recipe.frames?.(forge, stranger) ?? forge.sealAll(recipe.plaintext ?? text(`The plaintext of ${name}.`));
  return assemble(prologue, bound, envelope, frames);
}

/** The parts of a stream, put together. */
export function assemble(prologue: Buffer, bound: Bytes, envelope: Bytes, frames: readonly Bytes[]): Crafted {
  const preamble = Buffer.concat([prologue, bound, envelope]);
  const stream = Buffer.concat([preamble, ...frames]);
  return { prologue, bound, envelope, frames, preambleSize: preamble.length, stream };
}

/** FORMAT 8, in hex. */
export function segmentDigest({ prologue, bound, preambleSize, stream }: Crafted): string {
  const bytes = [prologue.subarray(0, 16), prologue.subarray(20), bound, stream.subarray(preambleSize)];
  return sha256(Buffer.concat(bytes)).toString('hex');
}

/** FORMAT 4, of pairs that are in order. */
export function contextBytes(pairs: ContextPairs): Buffer {
  const fields = pairs.flat().map(text);
  return Buffer.concat([u32(pairs.length), ...fields.flatMap((field) => [u32(field.length), field])]);
}

export function packContext(pairs: ContextPairs): Buffer {
  return map(...pairs.map(([key, value]) => [key, str(value)] as const));
}

export function packBound(context: ContextPairs, ...more: readonly Pair[]): Buffer {
  return map(['context', packContext(context)], ['created', uint(CREATED)], ...more);
}

export function packRecipient({ provider, key, wrapped }: Wrapping, ...more: readonly Pair[]): Buffer {
  return map(['provider', str(provider)], ['key', str(key)], ['wrapped', bin(wrapped)], ...more);
}

export function packEnvelope(recipients: readonly Wrapping[], ...more: readonly Pair[]): Buffer {
  return map(['recipients', array(...recipients.map((recipient) => packRecipient(recipient)))], ...more);
}

/** Wraps a data key as the provider `raw` does (FORMAT 2), with an r that follows from `label`. */
export function rawWrapping(
  label: string,
  dataKey: Uint8Array,
  contextDigest: Uint8Array,
  { name, key } = { name: KEY_NAME, key: WRAPPING_KEY },
): Wrapping {
  const random = seed(`${label}, r of ${name}`);
  const info = [text('sealpipe/1 raw\0'), u32(text(name).length), text(name), contextDigest];
  const derived = hkdf(key, random, Buffer.concat(info), 44);
  const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), derived.subarray(32));
  const wrapped = Buffer.concat([random, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  return { provider: 'raw', key: name, wrapped };
}
