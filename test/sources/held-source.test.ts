import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/sources/byte-source.js';
import { HeldSource } from '../../src/sources/held-source.js';

const never = new AbortController().signal;

/** A source whose reads answer when they are told to. */
function slowSource() {
  const answers: (() => void)[] = [];
  let closed = 0;
  const source: ByteSource = {
    size: async () => 1_000,
    read: (start, end) =>
      new Promise((resolve) => answers.push(() => resolve(Buffer.alloc(end - start, start)))),
    close: async () => void (closed += 1),
  };
  return { source, answers, closed: () => closed };
}

const turn = () => new Promise(setImmediate);

describe('a held source', () => {
  it('has four reads under way, also if nobody waits for them any more', async () => {
    const { source, answers } = slowSource();
    const held = new HeldSource(source);
    const controller = new AbortController();
    const given = Array.from({ length: 4 }, () => held.read(0, 1, controller.signal));
    const over = Promise.allSettled(given);
    await turn();
    controller.abort();
    await over;
    const next = [held.read(1, 2, never), held.read(2, 3, never)];
    await turn();
    expect(answers).toHaveLength(4);
    answers[0]!();
    answers[1]!();
    await turn();
    expect(answers).toHaveLength(6);
    for (const answer of answers) answer();
    expect((await Promise.all(next)).map(([byte]) => byte)).toEqual([1, 2]);
  });

  it('gives up a read that waits for its turn as soon as it is aborted', async () => {
    const { source, answers } = slowSource();
    const held = new HeldSource(source);
    const pending = Array.from({ length: 4 }, () => held.read(0, 1, never));
    const controller = new AbortController();
    const waiting = held.read(5, 6, controller.signal);
    const after = held.read(7, 8, never);
    await turn();
    controller.abort('enough');
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(answers).toHaveLength(4);
    for (const answer of answers) answer();
    await Promise.all(pending);
    await turn();
    answers[4]!();
    expect(await after).toEqual(Buffer.from([7]));
  });

  it('is closed once, whether it was asked for anything or not', async () => {
    for (const ask of [false, true]) {
      const { source, closed } = slowSource();
      const held = new HeldSource(source);
      if (ask) await held.size(never);
      await Promise.all([held.close(), held.close()]);
      expect(closed()).toBe(1);
      await expect(held.read(0, 1, never)).rejects.toThrow('closed');
    }
  });

  it('keeps a question for the size that one caller has aborted for the others, until it is closed', async () => {
    let asked = 0;
    let answer = (_size: number): void => undefined;
    let isEnded = false;
    const size = (signal: AbortSignal) =>
      new Promise<number>((resolve, reject) => {
        asked += 1;
        answer = resolve;
        signal.addEventListener('abort', () => {
          isEnded = true;
          reject(signal.reason);
        });
      });
    const held = new HeldSource({ ...slowSource().source, size });
    const controller = new AbortController();
    const [first, second] = [held.size(controller.signal), held.size(never)];
    await turn();
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await turn();
    answer(1_000);
    expect([await second, await held.size(never), asked]).toEqual([1_000, 1_000, 1]);

    const other = new HeldSource({ ...slowSource().source, size });
    const waiting = other.size(controller.signal);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await turn();
    await other.close();
    expect([asked, isEnded]).toEqual([2, true]);
  });

  it('fills the memory of its caller', async () => {
    const memory = Buffer.alloc(4);
    const held = new HeldSource(Buffer.from('0123456789'));
    await held.readInto(memory, 3, never);
    expect(memory.toString()).toBe('3456');
    expect(held.bytesRead).toBe(4);
    await expect(held.readInto(memory, 8, never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });
});
