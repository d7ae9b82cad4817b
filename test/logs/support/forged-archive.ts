import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../../../src/logs/archive/checkpoint.js';
import { openName, sealedName } from '../../../src/logs/archive/segment-name.js';
import type { Compression } from '../../../src/logs/units/coding.js';
import type { ControlRecord } from '../../../src/logs/units/control-record.js';
import type { IndexEntry } from '../../../src/logs/units/time-index.js';
import { encodeControlUnit, encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import { craft, packBound, segmentDigest } from '../../vectors/craft.js';
import { sha256Hex } from '../../vectors/form.js';
import { seed } from '../../vectors/material.js';
import type { Pair } from '../../vectors/packing.js';
import { bin, map, str, TRUE, uint } from '../../vectors/packing.js';

/** Lines that arrived in a range of time, or a record of the writer's; or the plaintext of a frame, whatever it is. */
export type ForgedUnit =
  | { readonly lines: readonly (string | Uint8Array)[]; readonly first: number; readonly last: number }
  | { readonly control: ControlRecord; readonly time: number }
  | { readonly raw: Uint8Array; readonly lines?: undefined; readonly first?: number; readonly last?: number };

export interface ForgedSegment {
  readonly index: number;
  /** What its writer would call it. */
  readonly name: string;
  readonly stream: Buffer;
  /** In hex. */
  readonly digest: string;
  readonly preambleSize: number;
  /** Where each frame starts, in bytes behind the preamble, and where the last one ends. */
  readonly offsets: readonly number[];
}

export interface SegmentRecipe {
  /** What its salt and its data key follow from. */
  readonly label?: string;
  /** What the archive's id follows from. */
  readonly archive?: string;
  readonly index: number;
  /** In hex. */
  readonly previous?: string;
  readonly units?: readonly ForgedUnit[];
  readonly compression?: Compression | undefined;
  readonly closed?: boolean;
  /** Default: an index before the last frame, if there are units. */
  readonly indexed?: boolean;
  /** Default: an empty last frame. */
  readonly final?: boolean;
  /** The plaintext of the last frame. */
  readonly finalText?: Uint8Array;
  readonly content?: readonly Pair[];
  readonly layout?: 'record' | 'fixed';
  readonly frameSizeLog2?: number;
  readonly suite?: 'AES-256-GCM';
}

const ZEROS = '0'.repeat(64);

/** The id that follows from a label. */
export function archiveId(label = 'archive of logs'): Buffer {
  return seed(label).subarray(0, 16);
}

/** The checkpoint at the end of a segment of the usual archive. */
export function endOf(
  { index, offsets, digest }: ForgedSegment,
  records: number,
  closed = false,
): Checkpoint {
  const archive = archiveId().toString('hex');
  return { archive, index, offset: offsets.at(-1)!, digest, records, closed };
}

/** A segment as a writer leaves it, or as nobody would. The same recipe gives the same bytes. */
export function forgeSegment(recipe: SegmentRecipe): ForgedSegment {
  const { index, archive, previous = ZEROS, units = [], compression, closed = false, final = true } = recipe;
  const {
    label = `logs/${archive ?? ''}${index}`,
    finalText = Buffer.alloc(0),
    indexed = units.length > 0,
  } = recipe;
  const type: Pair = ['type', str('application/vnd.sealpipe.log; version=1')];
  const content =
    recipe.content ??
    (compression === undefined ? [type] : [type, ['encoding', str(compression.coding)] as const]);
  const link: Pair[] = [
    ['archive', bin(archiveId(archive))],
    ['index', uint(index)],
    ['previous', bin(Buffer.from(previous, 'hex'))],
    ...(closed ? [['closed', TRUE] as const] : []),
  ];
  const plain = units.map((unit) => encoded(unit, compression));
  const entries = entriesOf(units, plain);
  if (indexed) plain.push(encodeIndexUnit({ records: linesIn(units), entries }, compression));
  const crafted = craft(label, {
    suite: 'AES-256-GCM',
    layout: recipe.layout ?? 'record',
    frameSizeLog2: recipe.frameSizeLog2 ?? 12,
    bound: packBound([], ['chain', map(...link)], ['content', map(...content)]),
    frames: (forge) => [
      ...plain.map((bytes, i) => forge.seal(i, bytes)),
      ...(final ? [forge.seal(plain.length, finalText, { final: true })] : []),
    ],
  });
  const offsets = [0];
  for (const frame of crafted.frames) offsets.push(offsets.at(-1)! + frame.length);
  const range = entries.length === 0 ? { first: 0, last: 0 } : rangeOfAll(units);
  return {
    index,
    name: final ? sealedName(index, range) : openName(index),
    stream: crafted.stream,
    digest: segmentDigest(crafted),
    preambleSize: crafted.preambleSize,
    offsets,
  };
}

/** The same segment with other bytes, as a crash may leave it. */
export function torn(segment: ForgedSegment, change: (stream: Buffer) => Buffer): ForgedSegment {
  const stream = change(segment.stream);
  const bound = 84 + segment.stream.readUInt32BE(12);
  const hashed = [stream.subarray(0, 16), stream.subarray(20, bound), stream.subarray(segment.preambleSize)];
  return { ...segment, name: openName(segment.index), stream, digest: sha256Hex(Buffer.concat(hashed)) };
}

/** Segments of one archive, each after the one before. */
export function forgeArchive(recipes: readonly Omit<SegmentRecipe, 'index' | 'previous'>[]): ForgedSegment[] {
  const segments: ForgedSegment[] = [];
  for (const [index, recipe] of recipes.entries()) {
    segments.push(forgeSegment({ ...recipe, index, previous: segments.at(-1)?.digest ?? ZEROS }));
  }
  return segments;
}

/** Writes segments where a reader looks for them. */
export async function placeArchive(
  directory: string,
  segments: readonly Pick<ForgedSegment, 'name' | 'stream'>[],
  archive?: string,
): Promise<string> {
  const folder = join(directory, archiveId(archive).toString('hex'));
  await mkdir(folder, { recursive: true });
  for (const { name, stream } of segments) await writeFile(join(folder, name), stream);
  return folder;
}

function encoded(unit: ForgedUnit, compression: Compression | undefined): Buffer {
  if ('raw' in unit) return Buffer.from(unit.raw);
  if ('control' in unit) return encodeControlUnit(unit.control, unit.time, compression);
  const lines = unit.lines.map((line) => Buffer.from(line as string));
  const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const lengths = lines.some((line) => line.includes(10)) ? lines.map(({ length }) => length) : undefined;
  return encodeLines({ text, lines: lines.length, first: unit.first, last: unit.last, lengths }, compression);
}

/** One entry for every unit. */
function entriesOf(units: readonly ForgedUnit[], plain: readonly Buffer[]): IndexEntry[] {
  let [offset, records] = [0, 0];
  return units.map((unit, frame) => {
    const entry = { frame, offset, records, ...timesOf(unit) };
    offset += 4 + plain[frame]!.length + 16;
    records += linesIn([unit]);
    return entry;
  });
}

function timesOf(unit: ForgedUnit): { first: number; last: number } {
  if ('control' in unit) return { first: unit.time, last: unit.time };
  return { first: unit.first ?? 0, last: unit.last ?? 0 };
}

function rangeOfAll(units: readonly ForgedUnit[]): { first: number; last: number } {
  const times = units.map(timesOf);
  return {
    first: Math.min(...times.map(({ first }) => first)),
    last: Math.max(...times.map(({ last }) => last)),
  };
}

function linesIn(units: readonly ForgedUnit[]): number {
  return units.reduce((sum, unit) => sum + ('control' in unit || 'raw' in unit ? 0 : unit.lines.length), 0);
}
