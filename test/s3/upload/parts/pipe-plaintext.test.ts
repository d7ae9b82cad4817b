import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ReadablePipe } from '../../../../src/files/byte-file.js';
import type { PartFiller } from '../../../../src/s3/upload/parts/part-filler.js';
import { PipePlaintext } from '../../../../src/s3/upload/parts/pipe-plaintext.js';
import { eventually } from '../../../support/eventually.js';
import { turns } from '../../../support/quiet-process.js';

const mine = new Error('mine');

/** Pours a pipe that answers as it is told to, the last time also from then on. */
function poured(reads: readonly (() => Promise<number>)[], { room = async () => undefined } = {}) {
  const stop = new AbortController();
  const [taken, failures]: [number[], Error[]] = [[], []];
  let [at, givenUp]: [number, unknown] = [0, undefined];
  const pipe: ReadablePipe = {
    pipe: { holds: 10, packet: 4 },
    readv: async () => ({ bytesRead: await reads[Math.min(at++, reads.length - 1)]!() }),
    giveUp: (why) => void (givenUp = why),
  };
  const filler = {
    take: ({ length }: Uint8Array) => void taken.push(length),
    // A byte at a time.
    seal: ({ length }: Uint8Array, from: number) => Math.min(length, from + 1),
    room,
  };
  const terms = { stop: stop.signal, sourceTimeout: 40, failed: (error: Error) => void failures.push(error) };
  const done = new PipePlaintext(pipe).pour(filler as unknown as PartFiller, terms);
  done.catch(() => undefined);
  return { done, stop, taken, failures, givenUp: () => givenUp };
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const end = async (): Promise<number> => 0;
const fails = (): Promise<number> => Promise.reject(mine);

describe('a pipe that is poured', () => {
  it('is read to its end, and waits for room as often as it takes', async () => {
    let waits = 0;
    const room = async () => void waits++;
    const { done, taken } = poured([async () => 10, async () => 3, end], { room });
    await done;
    expect([taken, waits]).toEqual([[10, 3], 9 + 2]);
  });

  it.each([
    ['ended', [end]],
    ['failed', [fails]],
    ['given something before it failed', [async () => 1, fails]],
  ])('leaves no timer when it has %s, and tells of no silence later', async (_how, reads) => {
    const before = timers();
    const { done, failures } = poured(reads);
    expect(timers()).toBe(before + 1);
    await done.catch((error) => expect(error).toBe(mine));
    expect(timers()).toBe(before);
    await pause(120);
    expect(failures).toEqual([]);
  });

  it('seals nothing of what comes after the session was stopped, and is given up by then', async () => {
    let answer: ((bytes: number) => void) | undefined;
    const { done, stop, taken, givenUp } = poured([() => new Promise((resolve) => void (answer = resolve))]);
    await turns();
    stop.abort(mine);
    expect(givenUp()).toBe(mine);
    answer!(5);
    await expect(done).rejects.toBe(mine);
    expect(taken).toEqual([]);
  });

  it('is told of once if it is silent for too long', async () => {
    let give: ((why: unknown) => void) | undefined;
    const { done, stop, failures } = poured([() => new Promise((_, reject) => void (give = reject))]);
    await eventually(() => expect(failures).toMatchObject([{ code: 'ERR_SEALPIPE_TIMEOUT' }]));
    await pause(120);
    expect(failures).toHaveLength(1);
    stop.abort(failures[0]);
    give!(failures[0]);
    await expect(done).rejects.toBe(failures[0]);
  });
});
