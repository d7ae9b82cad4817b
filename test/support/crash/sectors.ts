import type { Operation } from './operations.js';
import { changeContent } from './operations.js';

/** What a disk writes as one. */
export const SECTOR_SIZE = 512;

/** What each sector of a file may hold, the oldest first and the newest last. */
export interface SectorChoices {
  /** By place in the file. The last entry stands for the size, as an index into `sizes`. */
  readonly sectors: readonly (readonly Buffer[])[];
  readonly sizes: readonly number[];
}

/** What may be on the disk of a file with `durable` content and writes that nobody has synced. */
export function sectorsOf(durable: Buffer, writes: readonly Operation[]): SectorChoices {
  const versions = [durable];
  for (const write of writes) versions.push(changeContent(versions.at(-1)!, write));
  const sizes = [...new Set(versions.map(({ length }) => length))];
  const places = Math.ceil(Math.max(...sizes) / SECTOR_SIZE);
  const sectors = Array.from({ length: places }, (_, place) => {
    const start = place * SECTOR_SIZE;
    const grew = start + SECTOR_SIZE > durable.length;
    const held = versions.map((version) => sectorAt(version, start));
    // What the file had not before may read as zeros until its data arrives.
    const zeros = grew ? [withZerosBehind(held[0]!, durable.length - start)] : [];
    return distinct([held[0]!, ...zeros, ...held.slice(1)]);
  });
  return { sectors: [...sectors, sizes.map(() => Buffer.alloc(0))], sizes };
}

/** The content that a choice for each sector, and for the size, makes. */
export function withSectors(
  sectors: SectorChoices['sectors'],
  sizes: readonly number[],
  picks: readonly number[],
): Buffer {
  const content = Buffer.concat(sectors.slice(0, -1).map((choices, i) => choices[picks[i]!]!));
  return content.subarray(0, sizes[picks.at(-1)!]!);
}

function sectorAt(content: Buffer, start: number): Buffer {
  const sector = Buffer.alloc(SECTOR_SIZE);
  sector.set(content.subarray(start, start + SECTOR_SIZE));
  return sector;
}

function withZerosBehind(sector: Buffer, length: number): Buffer {
  const kept = Buffer.alloc(SECTOR_SIZE);
  if (length > 0) sector.copy(kept, 0, 0, length);
  return kept;
}

function distinct(buffers: readonly Buffer[]): Buffer[] {
  return buffers.filter((one, i) => buffers.findIndex((other) => other.equals(one)) === i);
}
