import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LogFeed } from '../../../../src/cli/io/jobs/log-feed.js';
import { RecordSealing } from '../../../../src/cli/io/jobs/record-sealing.js';
import { createEncryptStream } from '../../../../src/index.js';
import { eventually } from '../../../support/eventually.js';
import { turns } from '../../../support/quiet-process.js';
import { keys } from '../../../support/test-keys.js';

/*
 * After a standstill all timers ring first, in the same turn of the event loop. Only then does Node see what came during
 * it: input, the end of that, and signals. So each test rings a timer, and lets something come in the same turn.
 */

afterEach(() => void vi.restoreAllMocks());

/** Holds timers of so many milliseconds back. @returns rings the one that is set, once it is */
function held(milliseconds: number): () => Promise<void> {
  const real = globalThis.setTimeout;
  const rings: (() => void)[] = [];
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((ring: () => void, delay?: number) => {
    if (delay !== milliseconds) return real(ring, delay);
    rings.push(ring);
    return real(() => undefined, 0);
  }) as never);
  return async () => {
    await eventually(() => expect(rings).toHaveLength(1));
    rings[0]!();
    // All that follows at once, without a turn of the event loop.
    for (let i = 0; i < 50; i++) await new Promise<void>((resolve) => process.nextTick(resolve));
  };
}

function sealing(grace: number) {
  const source = new PassThrough();
  const stream = createEncryptStream({ keys, layout: 'record' });
  const sink = new Writable({ write: (_chunk, _encoding, callback) => callback() });
  const origin = { isFile: false, program: undefined };
  const job = new RecordSealing({ source, stream, sink }, origin, { grace, endOnSignal: false }, undefined);
  const over = job.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { source, stream, job, over };
}

describe('a standstill of a run in the record layout', () => {
  it('at the end of --grace loses nothing that had come by then', async () => {
    const ring = held(1_234);
    const { source, stream, job, over } = sealing(1_234);
    await once(stream, 'header');
    expect(job.heed('SIGTERM')).toBe(1_234);
    await ring();
    for (const piece of ['the last', ' line']) source.write(piece);
    expect(await over).toMatchObject({ signal: 'SIGTERM' });
    expect(job.bytesIn).toBe('the last line'.length);
  });

  it('behind the end of its input hides no signal that came with that', async () => {
    const ring = held(200);
    const { source, job, over } = sealing(5_000);
    source.end('half of it');
    await ring();
    job.heed('SIGINT');
    expect(await over).toMatchObject({ signal: 'SIGINT' });
  });
});

it('a standstill of a log loses nothing that had come by the end of its grace', async () => {
  const ring = held(5_000);
  const feed = new LogFeed(0);
  const source = new PassThrough();
  const lines: string[] = [];
  const write = (chunk: unknown, _encoding: unknown, callback: () => void) => {
    lines.push(String(chunk));
    callback();
  };
  const stream = Object.assign(new Writable({ write }), { flush: () => undefined });
  const over = feed.run(source, { stream, rotate: async () => undefined });
  await turns();
  feed.heed('SIGTERM');
  await ring();
  for (const line of ['one\n', 'two\n', 'three\n']) source.write(line);
  expect(await over).toBeUndefined();
  expect(lines.join('')).toBe('one\ntwo\nthree\n');
});

it('the end of a grace loses nothing that was read ahead while the archive was busy', async () => {
  const ring = held(5_000);
  const feed = new LogFeed(0);
  const source = new PassThrough();
  const lines: string[] = [];
  const goesOn = new AbortController();
  const write = (chunk: unknown, _encoding: unknown, callback: () => void) => {
    lines.push(String(chunk));
    if (goesOn.signal.aborted) callback();
    else goesOn.signal.addEventListener('abort', () => callback());
  };
  const stream = Object.assign(new Writable({ write, highWaterMark: 1 }), { flush: () => undefined });
  const over = feed.run(source, { stream, rotate: async () => undefined });
  source.write('one\n');
  await eventually(() => expect(lines).toEqual(['one\n']));
  for (const line of ['two\n', 'three\n', 'four\n']) source.write(line);
  feed.heed('SIGTERM');
  await ring();
  for (let i = 0; i < 5; i++) await turns();
  goesOn.abort();
  expect(await over).toBeUndefined();
  expect(lines.join('')).toBe('one\ntwo\nthree\nfour\n');
});
