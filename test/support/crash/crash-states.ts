import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { DiskState, Operation } from './operations.js';
import { changeContent, changeNames } from './operations.js';
import { sectorsOf, withSectors } from './sectors.js';

/** What a power cut may have left. */
export interface CrashState {
  /** How many of the operations had been done. */
  readonly after: number;
  readonly disk: DiskState;
}

/** How many draws are made where the states are too many to be enumerated. */
const DRAWS = 96;
/** Up to so many choices are enumerated. */
const MOST_ENUMERATED = 64;

/**
 * What a power cut may leave of a file system after each prefix of the operations. What was not synced is gone, kept,
 * torn, zero-filled where the file grew, or written out of order: each sector of 512 bytes by itself. Names that were
 * made, moved or removed before their folder was synced are so or not, each change by itself; with a folder goes what is
 * in it. Where that makes too many
 * states, the extremes, each change alone, all but each, and draws by `random` stand for them. No state comes twice for
 * one prefix.
 */
export function* crashStates(
  initial: DiskState,
  operations: readonly Operation[],
  random: () => number,
): Generator<CrashState> {
  for (let after = 0; after <= operations.length; after++) {
    const seen = new Set<string>();
    for (const disk of statesOf(initial, operations.slice(0, after), random)) {
      const digest = digestOf(disk);
      if (seen.has(digest)) continue;
      seen.add(digest);
      yield { after, disk };
    }
  }
}

function* statesOf(
  initial: DiskState,
  operations: readonly Operation[],
  random: () => number,
): Generator<DiskState> {
  const { names, contents } = inodesOf(initial);
  const pendingNames: Operation[] = [];
  const pendingWrites = new Map<number, Operation[]>();
  for (const operation of operations) {
    if (operation.kind === 'syncFolder') {
      const isSynced = (one: Operation) => foldersOf(one).includes(operation.folder);
      for (const one of pendingNames.filter(isSynced)) changeNames(names, one);
      pendingNames.splice(0, pendingNames.length, ...pendingNames.filter((one) => !isSynced(one)));
    } else if (operation.kind === 'sync') {
      const writes = pendingWrites.get(operation.inode) ?? [];
      contents.set(operation.inode, writes.reduce(changeContent, contentOf(contents, operation.inode)));
      pendingWrites.delete(operation.inode);
    } else if (operation.kind === 'write' || operation.kind === 'truncate') {
      pendingWrites.set(operation.inode, [...(pendingWrites.get(operation.inode) ?? []), operation]);
    } else if (operation.kind !== 'open') {
      pendingNames.push(operation);
    }
  }
  const madeFolders = operations.flatMap((one) => (one.kind === 'makeFolder' ? [`${one.path}/`] : []));
  const choices = [...pendingWrites].map(([inode, writes]) => ({
    inode,
    ...sectorsOf(contentOf(contents, inode), writes),
  }));
  const widths = [
    ...pendingNames.map(() => 2),
    ...choices.flatMap(({ sectors }) => sectors.map((s) => s.length)),
  ];
  for (const picks of choicesOf(widths, random)) {
    const madeNames = new Map(names);
    for (const [i, operation] of pendingNames.entries())
      if (picks[i] === 1) changeNames(madeNames, operation);
    const made = new Map(contents);
    let next = pendingNames.length;
    for (const { inode, sectors, sizes } of choices) {
      const picked = picks.slice(next, next + sectors.length);
      next += sectors.length;
      made.set(inode, withSectors(sectors, sizes, picked));
    }
    const lost = madeFolders.filter((folder) => !madeNames.has(folder));
    const there = [...madeNames].filter(([path]) => !lost.some((folder) => path.startsWith(folder)));
    yield new Map(there.map(([path, inode]) => [path, contentOf(made, inode)]));
  }
}

/** Picks one of each: all of them if they are few. */
function* choicesOf(widths: readonly number[], random: () => number): Generator<readonly number[]> {
  const total = widths.reduce((product, width) => product * width, 1);
  if (total <= MOST_ENUMERATED) {
    for (let index = 0; index < total; index++) {
      let rest = index;
      yield widths.map((width) => {
        const pick = rest % width;
        rest = Math.floor(rest / width);
        return pick;
      });
    }
    return;
  }
  const oldest = widths.map(() => 0);
  const newest = widths.map((width) => width - 1);
  yield oldest;
  yield newest;
  yield widths.map((width) => Math.min(1, width - 1));
  for (let i = 0; i < widths.length; i++) {
    for (let pick = 0; pick < widths[i]!; pick++) {
      yield oldest.with(i, pick);
      yield newest.with(i, pick);
    }
  }
  for (let i = 0; i < DRAWS; i++) yield widths.map((width) => Math.floor(random() * width));
}

/** The files of a disk by their names, and what each holds. */
export function inodesOf(initial: DiskState): { names: Map<string, number>; contents: Map<number, Buffer> } {
  const known = new Map<Buffer, number>();
  const names = new Map<string, number>();
  for (const [path, content] of initial) {
    const inode = known.get(content) ?? known.size + 1;
    known.set(content, inode);
    names.set(path, inode);
  }
  return { names, contents: new Map([...known].map(([content, inode]) => [inode, content])) };
}

function contentOf(contents: ReadonlyMap<number, Buffer>, inode: number): Buffer {
  return contents.get(inode) ?? Buffer.alloc(0);
}

function foldersOf(operation: Operation): string[] {
  const { kind } = operation;
  if (kind === 'create' || kind === 'unlink' || kind === 'makeFolder') return [dirname(operation.path)];
  if (kind === 'link') return [dirname(operation.to)];
  return kind === 'rename' ? [dirname(operation.from), dirname(operation.to)] : [];
}

function digestOf(disk: DiskState): string {
  const hash = createHash('sha256');
  for (const path of [...disk.keys()].sort())
    hash.update(`${path}\0${disk.get(path)!.length}\0`).update(disk.get(path)!);
  return hash.digest('hex');
}
