import type { ErrorCode, SealpipeError } from '../../errors.js';
import { isSealpipeError } from '../../errors.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import { forked, gapBetween } from '../archive/segment-list.js';
import { noSegment } from '../archive/stored-index.js';
import { notProvedOf } from './not-proved.js';
import type { Examined } from './segment-examination.js';
import type { ArchiveProblem, ArchiveProof, SegmentReport } from './verify-report.js';

/** The input for examining the files of an archive. */
export interface ProofTerms {
  /** Of this archive. */
  readonly checkpoint: Checkpoint | undefined;
  /** The index up to which missing segments are in a store. */
  readonly stored: number | undefined;
  readonly hasKeys: boolean;
}

/** Combines the examined files of one archive, in the order of their indexes, into a proof. */
export class ProofBuilder {
  readonly #archive: string;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #hasKeys: boolean;
  readonly #stored: number | undefined;
  readonly #all: Examined[] = [];
  /** The files of the index before, and those of the last one. */
  #before: readonly Examined[] = [];
  #last: Examined[] = [];
  readonly #vouched = new Set<Examined>();
  readonly #problems: ArchiveProblem[] = [];
  readonly #gaps: { from: number; to: number }[] = [];
  readonly #forks = new Map<number, string[]>();
  #met: boolean | undefined;

  constructor(archive: string, { checkpoint, stored, hasKeys }: ProofTerms) {
    this.#archive = archive;
    this.#checkpoint = checkpoint;
    this.#hasKeys = hasKeys;
    this.#stored = stored;
  }

  /** Adds the next file, whose index must not be less than the previous one. */
  add(one: Examined): void {
    const { index } = one.name;
    const before = this.#last[0]?.name.index;
    if (one.fault !== undefined) this.#problem(index, one.fault);
    if (one.name.isFork === true && index !== before) this.#problem(index, forked(one.name.name));
    if (index === before) this.#fork(one);
    else {
      this.#before = before === index - 1 ? this.#last : [];
      this.#last = [];
      this.#follow(one, before);
    }
    this.#link(one);
    this.#compare(one);
    this.#last.push(one);
    this.#all.push(one);
  }

  /** Returns the proof after the last file. */
  build(): ArchiveProof {
    this.#assertCheckpointWasMet();
    if (this.#all.length === 0 && this.#stored !== undefined) {
      this.#problem(null, noSegment(this.#archive, this.#stored));
    }
    const last = this.#last.at(-1);
    const segments = this.#all.map((one) => this.#reportOf(one));
    const holds = this.#problems.length === 0;
    const authenticated =
      this.#hasKeys && segments.length > 0 && this.#all.every(({ recipient }) => recipient !== undefined);
    const closed = holds && last?.header?.chain.closed === true && this.#isClosingSound(last);
    const times = segments.filter(({ first }) => first !== null);
    const torn = last?.contents?.torn;
    const openTail = torn === undefined ? null : { segment: last!.name.index, ...torn };
    const proof = {
      archive: this.#archive,
      holds,
      authenticated,
      verified: holds && (authenticated || this.#met === true),
      closed,
      segments,
      lines: sum(segments.map(({ lines }) => lines ?? 0)),
      dropped: sum(segments.map(({ dropped }) => dropped)),
      first:
        times.length === 0
          ? null
          : times.reduce((least, { first }) => Math.min(least, first!), times[0]!.first!),
      last: times.length === 0 ? null : times.reduce((most, { last }) => Math.max(most, last!), 0),
      gaps: this.#gaps,
      forks: [...this.#forks].map(([segment, names]) => ({ segment, names })),
      losses: this.#all.flatMap(({ contents }) => contents?.losses ?? []),
      openTail,
      keys: this.#keys(),
      checkpoint: this.#checkpointReport(),
      head: holds && authenticated ? this.#headOf(last!) : null,
      problems: this.#problems,
    };
    return { ...proof, notProved: notProvedOf(proof, this.#checkpoint) };
  }

  /** A checkpoint without keys proves nothing about segments after it, not even about one that closes the archive. */
  #isClosingSound({ contents }: Examined): boolean {
    if (this.#hasKeys) return contents?.isFinal === true;
    return this.#met !== true || this.#checkpoint?.closed === true;
  }

  /** Handles one of several files with the same index. */
  #fork(one: Examined): void {
    const { index } = one.name;
    const names = this.#forks.get(index) ?? [this.#last[0]!.name.name];
    names.push(one.name.name);
    this.#forks.set(index, names);
    this.#problem(index, notOneArchive(`${names.join(' and ')} are one segment`));
  }

  /** Handles the first file of an index. */
  #follow(one: Examined, before: number | undefined): void {
    const { index } = one.name;
    const isNext = before === undefined ? index === 0 : index === before + 1;
    if (isNext) return;
    if (before === undefined && this.#isAnchor(one)) return;
    const from = (before ?? -1) + 1;
    this.#gaps.push({ from, to: index - 1 });
    this.#problem(null, gapBetween(before ?? -1, index, this.#stored));
  }

  /** Compares the first file with the checkpoint of the removed segment before it. */
  #isAnchor({ name, header }: Examined): boolean {
    const checkpoint = this.#checkpoint;
    if (checkpoint?.index !== name.index - 1 || header === undefined) return false;
    this.#met = hex(header.chain.previous) === checkpoint.digest && !checkpoint.closed;
    if (!this.#met) this.#problem(name.index, notOneArchive(`${name.name} does not follow the checkpoint`));
    return true;
  }

  /** Compares with the segment before it. */
  #link({ name, header }: Examined): void {
    const before = this.#before;
    if (before.length === 0 || header === undefined) return;
    const previous = hex(header.chain.previous);
    const named = before.find(({ digests }) => digests !== undefined && hex(digests.digest) === previous);
    if (named !== undefined) this.#vouched.add(named);
    else
      this.#problem(
        name.index,
        notOneArchive(`${name.name} was not written after ${before[0]!.name.name} as it is`),
      );
    if (before.some((other) => other.header?.chain.closed === true)) {
      this.#problem(name.index, notOneArchive(`${name.name} follows a segment that closes the archive`));
    }
  }

  /** Compares with the checkpoint if it belongs to this segment. */
  #compare(one: Examined): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint?.index !== one.name.index || one.digests === undefined) return;
    const { prefix, offset } = one.digests;
    const lines = one.contents?.linesBefore;
    const isRight =
      prefix !== undefined &&
      hex(prefix) === checkpoint.digest &&
      (one.header?.chain.closed === true) === checkpoint.closed &&
      (one.contents === undefined || lines === checkpoint.records);
    this.#met = this.#met === true || isRight;
    if (isRight && checkpoint.offset === offset) this.#vouched.add(one);
  }

  #assertCheckpointWasMet(): void {
    if (this.#checkpoint === undefined || this.#met === true) return;
    const { index } = this.#checkpoint;
    const isThere = this.#all.some(({ name }) => name.index === index);
    const what = isThere ? 'is not what the checkpoint says' : 'of the checkpoint is missing';
    if (this.#met === undefined || isThere) this.#problem(index, notOneArchive(`segment ${index} ${what}`));
    this.#met = false;
  }

  #problem(segment: number | null, error: unknown): void {
    const { code, message } = isSealpipeError(error)
      ? error
      : { code: 'ERR_SEALPIPE_ARCHIVE' as ErrorCode, message: String((error as SealpipeError).message) };
    this.#problems.push({ segment, code, message });
  }

  #reportOf(one: Examined): SegmentReport {
    const { name, size, header, digests, contents, recipient } = one;
    return {
      segment: name.index,
      name: name.name,
      named: name.range ?? null,
      created: header?.created ?? null,
      size,
      offset: digests?.offset ?? 0,
      digest: digests === undefined ? null : hex(digests.digest),
      state: stateOf(one),
      torn: contents?.torn ?? null,
      vouched: this.#vouched.has(one),
      lines: contents?.lines ?? null,
      first: contents?.first ?? null,
      last: contents?.last ?? null,
      dropped: contents?.dropped ?? 0,
      recipient: header === undefined ? null : (recipient ?? null),
    };
  }

  #checkpointReport(): ArchiveProof['checkpoint'] {
    if (this.#checkpoint === undefined) return null;
    const { index, offset } = this.#checkpoint;
    return { index, offset, met: this.#met === true };
  }

  #headOf({ name, header, digests, contents, torn }: Examined): Checkpoint | null {
    const digest = contents?.torn === undefined ? digests?.digest : torn;
    if (digest === undefined || contents === undefined) return null;
    return {
      archive: this.#archive,
      index: name.index,
      offset: contents.torn?.offset ?? digests!.offset,
      digest: hex(digest),
      records: contents.lines,
      closed: header?.chain.closed === true,
    };
  }

  #keys(): ArchiveProof['keys'] {
    const keys = new Map<string, { provider: string; key: string; segments: number }>();
    for (const { recipient } of this.#all) {
      if (recipient === undefined) continue;
      const id = `${recipient.provider}\0${recipient.key}`;
      keys.set(id, { ...recipient, segments: (keys.get(id)?.segments ?? 0) + 1 });
    }
    return [...keys.values()];
  }
}

function stateOf({ header, contents }: Examined): SegmentReport['state'] {
  if (contents === undefined) return 'unknown';
  if (!contents.isFinal) return 'torn';
  return header?.chain.closed === true ? 'closed' : 'whole';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
