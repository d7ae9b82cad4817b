import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { hasZstd } from '../../../src/logs/units/coding.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import type { RunningWriter } from '../../../src/logs/writer/running-writer.js';
import { randomOf, runs } from '../../support/sample.js';
import { tempFolder } from '../../support/temp-folder.js';
import { contentsOf, filesBelow } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';
import { recordNonces } from '../support/nonce-recorder.js';

const NEWLINE = 0x0a;
const LETTERS = ['a', 'xyz', '\r', '\r\n', '\n', '\n\n', 'é', '€', '😀', '\ud83d', '\ude00', '\0'];
/** At the edge of what is encoded at a time. */
const EDGES = ['😀', '\ud83d', '\n', '€'];

/** Choices that a seed makes. */
class Dice {
  readonly chance: () => number;

  constructor(label: string) {
    this.chance = randomOf(label);
  }

  below(most: number): number {
    return Math.floor(this.chance() * most);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  options(): Partial<LogWriterOptions> {
    const heartbeat = this.of([undefined, undefined, 1]);
    return {
      compress: this.of([false, 'gzip', ...(hasZstd ? (['zstd'] as const) : [])] as const),
      fsync: this.of(['flush', 'segment', 'never'] as const),
      flush: { bytes: this.of([200, 1_000, 65_536, 524_288]), interval: this.of([1, 20, 1_000]) },
      rotate: { bytes: this.of([4_096, 100_000, 3_000_000, 2 ** 30]) },
      ...(heartbeat === undefined ? {} : { heartbeat }),
    };
  }

  text(): string {
    let text = Array.from({ length: this.of([0, 1, 5, 100, 1_500]) }, () => this.of(LETTERS)).join('');
    if (this.chance() < 0.15)
      text += `${'L'.repeat(this.below(this.of([70_000, 1_500_000])))}${this.of(EDGES)}`;
    if (this.chance() < 0.1) text += `${'€'.repeat(32_760 + this.below(10))}${this.of(EDGES)}`.repeat(2);
    return text;
  }

  /** Writes are short, and some calls fail. */
  trouble(files: FaultyFiles): void {
    const isShort = this.of([true, false]);
    let left = this.of([0, 1, 2]);
    files.fault = ({ call, path, size = 1 }) => {
      if (!path.endsWith('.open') || (call !== 'write' && call !== 'datasync')) return undefined;
      if (left > 0 && this.chance() < 0.2) {
        left -= 1;
        return call === 'write' ? this.of(['ENOSPC', 'EIO']) : 'EIO';
      }
      if (call === 'datasync' || !isShort) return undefined;
      return Math.max(1, this.of([1, 26, this.below(size), size - 1, size]));
    };
  }
}

/** What a log must be, gathered in the plainest way. */
class Twin {
  readonly lines: Buffer[] = [];
  #begun: Buffer = Buffer.alloc(0);

  write(bytes: Uint8Array): void {
    let rest: Buffer = Buffer.concat([this.#begun, bytes]);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.lines.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.#begun = rest;
  }

  end(): void {
    if (this.#begun.length > 0) this.lines.push(this.#begun);
  }

  get position() {
    return {
      bytes: this.lines.reduce((sum, { length }) => sum + length + 1, 0),
      records: this.lines.length,
    };
  }
}

async function step(dice: Dice, writer: RunningWriter, twin: Twin): Promise<void> {
  const write = (chunk: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => writer.stream.write(chunk, (e) => (e ? reject(e) : resolve())));
  const kind = dice.chance();
  const text = dice.text();
  const bytes = Buffer.from(text);
  if (kind < 0.5) {
    await write(text);
    twin.write(bytes);
  } else if (kind < 0.7) {
    const cut = dice.below(bytes.length);
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) await write(piece);
    twin.write(bytes);
  } else if (kind < 0.9) {
    // All that came before has room behind it.
    await writer.flush();
    const position = writer.append(dice.of([text, bytes]));
    twin.lines.push(bytes);
    expect(position).toEqual(twin.position);
    await writer.whenWritten(position);
    expect(writer.positions.written).toEqual(position);
  } else if (kind < 0.95) await writer.flush();
  else await writer.rotate();
}

/** Segments that were given up hold lines that come again: each must be a run of lines behind the one before. */
function reachOf(segments: readonly (readonly Buffer[])[], lines: readonly Buffer[]): number {
  let reached = 0;
  for (const held of segments) {
    let from = reached;
    while (from >= 0 && !held.every((line, i) => lines[from + i]?.equals(line))) from -= 1;
    if (from < 0) return -1;
    reached = Math.max(reached, from + held.length);
  }
  return reached;
}

describe('a log writer beside its plain twin', () => {
  it.for(Array.from({ length: runs(24) }, (_, i) => i))(
    'holds the same lines, whatever is written, cut, refused and given up: %i',
    async (round) => {
      const dice = new Dice(`twin of a log writer ${round}`);
      const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
      const options = dice.options();
      const writer = await openWriter(directory, options, files);
      const twin = new Twin();
      dice.trouble(files);
      for (let steps = 3 + dice.below(30); steps > 0; steps--) await step(dice, writer, twin);
      await new Promise<void>((resolve) => writer.stream.end(resolve));
      twin.end();
      expect(writer.positions.durable).toEqual(twin.position);
      const segments = await contentsOf(filesBelow(directory));
      expect(
        reachOf(
          segments.map(({ lines }) => lines),
          twin.lines,
        ),
      ).toBe(twin.lines.length);
      const held = segments.reduce((sum, { lines }) => sum + lines.length, 0);
      if (segments.every(({ whole }) => whole)) expect(held).toBe(twin.lines.length);
      expect(sealed().twice).toEqual([]);
      expect(files.overwritten).toEqual([]);
    },
  );
});
