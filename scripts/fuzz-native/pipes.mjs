// A pipe that is written and read with random memory, and compared with what must be in it; watches that come and go.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { types } from 'node:util';
import { contents } from './expected.mjs';
import { memory, notMemory, WRONG_NUMBERS } from './memory.mjs';
import { randomFrom } from './random.mjs';

const SIZES = [0, 1, 2, 63, 64, 65, 1_000, 4_095, 4_096, 4_097, 20_000, 70_000];
const WOULD_WAIT = -11;
/** A descriptor may be as large as an int. */
const NO_DESCRIPTORS = WRONG_NUMBERS.filter((value) => value !== 2 ** 30 + 1);

/** @typedef {import('./random.mjs').Random} Random */

/** A pipe of the system whose two ends are here, over and over. */
export class FuzzedPipe {
  /** @type {any} */
  #addon;
  #random;
  /** @type {number} */
  #reader;
  /** @type {number} */
  #writer;
  /** What is in it. @type {Uint8Array} */
  #inside = new Uint8Array(0);
  /** @type {any[]} */
  #watches = [];
  /** For the watches, whose callbacks may come at any time: what the seed repeats must not depend on them. */
  #ofWatches;

  /** @param {any} addon @param {Random} random */
  constructor(addon, random) {
    this.#addon = addon;
    this.#random = random;
    this.#ofWatches = randomFrom(random.next());
    const folder = mkdtempSync(join(tmpdir(), 'sealpipe-fuzz-'));
    const path = join(folder, 'pipe');
    if (spawnSync('mkfifo', [path]).status !== 0) throw new Error('mkfifo failed');
    this.#reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    rmSync(folder, { recursive: true });
  }

  /** @returns {string} what was done, with the expected result */
  once() {
    const { chance, pick } = this.#random;
    if (chance(0.15)) return this.#refused();
    return pick([() => this.#write(), () => this.#read(), () => this.#grow(), () => this.#watch()])();
  }

  /** A watch that does not wait stays open until the process ends. */
  close() {
    for (const watch of this.#watches) watch.close();
    Object.assign(globalThis, { kept: new this.#addon.PipeWatch(this.#reader, () => {}) });
    for (const end of [this.#reader, this.#writer]) closeSync(end);
  }

  #views() {
    const { below, pick } = this.#random;
    const count = pick([1, 1, 2, 3, 7, 40]);
    const views = Array.from({ length: count }, () => memory(pick(SIZES), this.#random));
    for (const view of views) this.#random.fill(view);
    if (views.every((view) => contents(view).length === 0)) views[below(count)] = memory(9, this.#random);
    return views;
  }

  #write() {
    const views = this.#views();
    const all = joined(views.map(contents));
    const taken = this.#addon.writePipe(this.#writer, views);
    if (taken === WOULD_WAIT) {
      if (this.#inside.length === 0) throw new Error('an empty pipe took nothing');
      return 'writePipe: no room';
    }
    if (!(taken > 0 && taken <= all.length)) throw new Error(`of ${all.length} bytes a pipe took ${taken}`);
    this.#inside = joined([this.#inside, all.subarray(0, taken)]);
    return taken < all.length ? 'writePipe: a part' : 'writePipe';
  }

  #read() {
    const views = this.#views();
    const before = joined(views.map(contents));
    const came = this.#addon.readPipe(this.#reader, views);
    const after = joined(views.map(contents));
    const length = Math.min(before.length, this.#inside.length);
    if (came !== (length === 0 ? WOULD_WAIT : length))
      throw new Error(`${came} bytes came in place of ${length}`);
    const expected = joined([this.#inside.subarray(0, length), before.subarray(length)]);
    if (!Buffer.from(after).equals(expected)) throw new Error('other bytes came out of a pipe than went in');
    this.#inside = this.#inside.slice(length);
    return length === 0 ? 'readPipe: nothing' : 'readPipe';
  }

  #grow() {
    const { growPipe } = this.#addon;
    const before = growPipe(this.#reader, 0);
    const wanted = this.#random.pick([0, 1, 4_096, 65_536, 131_072, 2 ** 31 - 1]);
    const size = growPipe(this.#random.pick([this.#reader, this.#writer]), wanted);
    if (size < before) throw new Error(`a pipe of ${before} bytes became one of ${size}`);
    return 'growPipe';
  }

  #watch() {
    const { PipeWatch } = this.#addon;
    const { below, chance, pick } = this.#ofWatches;
    const count = this.#watches.length;
    // One at a time can wait for a descriptor.
    if (count > 0) {
      const watch = this.#watches[0];
      if (chance(0.6)) {
        watch.wait(watch.forRoom);
        return 'wait';
      }
      this.#watches.pop();
      for (let times = below(3); times >= 0; times--) watch.close();
      this.#mustRefuse(() => watch.wait(true));
      return 'close';
    }
    const forRoom = chance(0.5);
    const watch = new PipeWatch(forRoom ? this.#writer : this.#reader, () => {
      const next = below(3);
      if (next === 0) this.#watches.pop()?.close();
      if (next === 1) this.#watches[0]?.wait(forRoom);
    });
    this.#watches.push(Object.assign(watch, { forRoom }));
    const foreign = pick([undefined, null, 1, {}, Object.create(watch), new Proxy(watch, {})]);
    this.#mustRefuse(() => watch.wait.call(foreign, true));
    this.#mustRefuse(() => watch.wait(pick([undefined, null, 1, 'true', {}])));
    return 'new PipeWatch';
  }

  #refused() {
    const { pick } = this.#random;
    const { PipeWatch, readPipe, writePipe, growPipe } = this.#addon;
    const number = pick(NO_DESCRIPTORS);
    const views = this.#views();
    const stranger = notMemory(pick(SIZES), this.#random);
    // A detached view counts as an empty one.
    if (!types.isUint8Array(stranger)) {
      views[this.#random.below(views.length)] = /** @type {any} */ (stranger);
      this.#mustRefuse(() => pick([readPipe, writePipe])(this.#reader, views));
    }
    this.#mustRefuse(() => pick([readPipe, writePipe])(number, views));
    this.#mustRefuse(() =>
      pick([readPipe, writePipe])(this.#reader, pick([[], null, undefined, 1, 'x', {}])),
    );
    this.#mustRefuse(() => growPipe(...pick([[number, 0], [this.#reader, number], []])));
    this.#mustRefuse(
      () => new PipeWatch(...pick([[number, () => {}], [this.#reader, number], [], [2 ** 30, () => {}]])),
    );
    this.#mustRefuse(() => PipeWatch(this.#reader, () => {}));
    return 'refused pipes';
  }

  /** @param {() => unknown} call */
  #mustRefuse(call) {
    try {
      call();
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) return;
      throw error;
    }
    throw new Error(`not refused: ${call}`);
  }
}

/** @param {readonly Uint8Array[]} parts */
function joined(parts) {
  return Buffer.concat(parts);
}
