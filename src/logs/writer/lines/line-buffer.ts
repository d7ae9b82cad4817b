import { LENGTH_SIZE, MOST_UTF8, NEWLINE } from '../../units/line-text.js';
import type { GatheredLines } from '../../units/unit.js';
import { HEAD_SIZE } from '../../units/unit-limits.js';
import type { LineBatch } from './line-batch.js';
import type { LogPosition } from './log-position.js';

/** Bytes of memory kept for reuse. */
const MOST_SPARE = 8_388_608;

/** Gathers lines until they are flushed. A line costs one copy and no allocation. */
export class LineBuffer {
  readonly #capacity: number;
  readonly #give: (batch: LineBatch) => void;
  readonly #spare: Buffer[] = [];
  #memory: Buffer;
  /** Where the gathered text begins: after the room for the head of its unit. */
  #start = HEAD_SIZE;
  #length = 0;
  #lines = 0;
  #first = 0;
  #last = 0;
  /** The length of each line; undefined while no line contains a newline. */
  #lengths: number[] | undefined;
  #bytes = 0;
  #records = 0;

  /**
   * @param capacity bytes of text that a unit can hold
   * @param give receives flushed batches
   */
  constructor(capacity: number, give: (batch: LineBatch) => void) {
    this.#capacity = capacity;
    this.#give = give;
    this.#memory = memoryFor(capacity);
  }

  /** Bytes gathered since the last flush. */
  get length(): number {
    return this.#length;
  }

  /** The log up to here. */
  get end(): LogPosition {
    return { bytes: this.#bytes, records: this.#records };
  }

  /** The log up to what was flushed. */
  get start(): LogPosition {
    return { bytes: this.#bytes - this.#length, records: this.#records - this.#lines };
  }

  /** Bytes of the log up to here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a line of text, as UTF-8; half of a surrogate pair becomes U+FFFD. */
  addText(line: string): void {
    const hasNewline = line.includes('\n');
    if (!this.#hasRoom(line.length * MOST_UTF8, hasNewline)) {
      this.#addLarge(Buffer.from(line), hasNewline);
      return;
    }
    this.#added(this.#memory.write(line, this.#start + this.#length, 'utf8'), hasNewline);
  }

  /** Adds a line. */
  addBytes(line: Uint8Array): void {
    const hasNewline = line.includes(NEWLINE);
    if (!this.#hasRoom(line.length, hasNewline)) {
      this.#addLarge(line, hasNewline);
      return;
    }
    this.#memory.set(line, this.#start + this.#length);
    this.#added(line.length, hasNewline);
  }

  /**
   * Adds whole lines, each with its newline, as many as end within `most` bytes and fit into the buffer.
   *
   * @param start where the first one begins
   * @returns where the rest begins: at `start` if the next line has to be added separately
   */
  addLines(bytes: Buffer, start: number, most: number): number {
    // If any line contains a newline, the length of every line is kept.
    if (this.#lengths !== undefined) return start;
    const room = Math.min(most, this.#capacity - this.#length);
    const end = bytes.lastIndexOf(NEWLINE, start + room - 1) + 1;
    if (end <= start) return start;
    this.#noteTime();
    bytes.copy(this.#memory, this.#start + this.#length, start, end);
    let lines = 0;
    for (let at = start; at < end; at = bytes.indexOf(NEWLINE, at) + 1) lines += 1;
    this.#length += end - start;
    this.#bytes += end - start;
    this.#lines += lines;
    this.#records += lines;
    return end;
  }

  /** Turns the gathered lines into a batch. */
  flush(): void {
    if (this.#lines === 0) return;
    const lines = {
      text: this.#memory.subarray(this.#start, this.#start + this.#length),
      hasHeadRoom: true,
      lines: this.#lines,
      first: this.#first,
      last: this.#last,
      lengths: this.#lengths,
    };
    const memory = this.#leave();
    this.#length = 0;
    this.#lines = 0;
    this.#lengths = undefined;
    this.#give({ lines, memory, end: this.end });
  }

  /** Takes back the memory of batches. Earlier batches must not need it any more. */
  reuse(batches: readonly LineBatch[]): void {
    for (const batch of batches) {
      if (!('lines' in batch) || batch.memory === undefined) continue;
      if (this.#spare.length * batch.memory.length < MOST_SPARE) this.#spare.push(batch.memory);
    }
  }

  /** Wipes the gathered lines. */
  wipe(): void {
    for (const memory of [this.#memory, ...this.#spare]) memory.fill(0);
    this.#length = 0;
    this.#lines = 0;
  }

  /** Places the next text after the gathered one. @returns the memory if it has no room for that */
  #leave(): Buffer | undefined {
    const memory = this.#memory;
    this.#start += this.#length + HEAD_SIZE;
    if (this.#start + this.#capacity <= memory.length) return undefined;
    this.#memory = this.#spare.pop() ?? memoryFor(this.#capacity);
    this.#start = HEAD_SIZE;
    return memory;
  }

  #hasRoom(size: number, hasNewline: boolean): boolean {
    const table = hasNewline || this.#lengths !== undefined ? (this.#lines + 1) * LENGTH_SIZE : 0;
    return this.#length + size + 1 + table <= this.#capacity;
  }

  /** Accepts a line of `size` bytes that was written after the text. */
  #added(size: number, hasNewline: boolean): void {
    this.#noteTime();
    if (hasNewline) this.#lengths ??= this.#lengthsSoFar();
    this.#lengths?.push(size);
    this.#length += size;
    this.#memory[this.#start + this.#length++] = NEWLINE;
    this.#lines += 1;
    this.#bytes += size + 1;
    this.#records += 1;
  }

  /** Notes the arrival of a line. */
  #noteTime(): void {
    const now = clock();
    if (this.#lines === 0) this.#first = this.#last = now;
    else if (now > this.#last) this.#last = now;
  }

  /** Adds a line for which the buffer may have no room. */
  #addLarge(line: Uint8Array, hasNewline: boolean): void {
    if (!this.#hasRoom(line.length, hasNewline)) this.flush();
    if (this.#hasRoom(line.length, hasNewline)) {
      this.#memory.set(line, this.#start + this.#length);
      this.#added(line.length, hasNewline);
    } else {
      this.#addPieces(line);
    }
  }

  /** Adds a line that spans units. */
  #addPieces(line: Uint8Array): void {
    const most = this.#capacity - LENGTH_SIZE - 1;
    const now = clock();
    for (let start = 0; start < line.length; start += most) {
      const piece = line.subarray(start, start + most);
      const ends = start + piece.length === line.length;
      const text = Buffer.allocUnsafeSlow(piece.length + (ends ? 1 : 0));
      text.set(piece);
      if (ends) text[piece.length] = NEWLINE;
      this.#bytes += text.length;
      if (ends) this.#records += 1;
      const lines: GatheredLines = {
        text,
        lines: ends ? 1 : 0,
        first: now,
        last: now,
        continues: !ends,
        continued: start > 0,
        lengths: piece.includes(NEWLINE) ? [piece.length] : undefined,
      };
      this.#give({ lines, memory: undefined, end: this.end });
    }
  }

  #lengthsSoFar(): number[] {
    const lengths: number[] = [];
    for (let start = this.#start; start < this.#start + this.#length; ) {
      const end = this.#memory.indexOf(NEWLINE, start);
      lengths.push(end - start);
      start = end + 1;
    }
    return lengths;
  }
}

/** Memory for two full units, or for more smaller ones. */
function memoryFor(capacity: number): Buffer {
  return Buffer.allocUnsafeSlow(2 * (HEAD_SIZE + capacity));
}

/** Milliseconds since 1970; 0 if the clock is earlier. */
export function clock(): number {
  const now = Math.floor(Date.now());
  return now > 0 ? now : 0;
}
