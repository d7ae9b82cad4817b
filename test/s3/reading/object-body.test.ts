import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ObjectBody } from '../../../src/s3/reading/object-body.js';
import { turns } from '../../support/quiet-process.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A body of 10 bytes, and what its listener is told. */
function bodyOf10(source: Readable, { wants = true, goesOn = true } = {}) {
  const told: string[] = [];
  const body = new ObjectBody(source, 10, 60_000, {
    wants,
    bytes: (chunk) => {
      told.push(`${chunk.length} bytes`);
      return goesOn;
    },
    end: () => void told.push('end'),
    broken: () => void told.push('broken'),
  });
  return { body, told };
}

const silent = () => new Readable({ read: () => undefined, autoDestroy: false });

it('a body that has come leaves no timer behind once its connection is closed', async () => {
  const source = Readable.from([Buffer.alloc(10)]);
  const { told } = bodyOf10(source);
  await turns();
  expect([told, source.closed, vi.getTimerCount()]).toEqual([['10 bytes', 'end'], true, 0]);
});

it('a connection that does not end after its last byte is cut', async () => {
  const source = silent();
  source.push(Buffer.alloc(10));
  const { told } = bodyOf10(source);
  await turns();
  expect([told, source.destroyed, source.isPaused()]).toEqual([['10 bytes', 'end'], false, false]);
  vi.advanceTimersByTime(1_000);
  expect(source.destroyed).toBe(true);
});

it('a body that is destroyed leaves no timer behind, and says nothing any more', async () => {
  const source = silent();
  const { body, told } = bodyOf10(source);
  body.destroy();
  source.emit('error', new Error('late'));
  await turns();
  expect([told, source.destroyed, vi.getTimerCount()]).toEqual([[], true, 0]);
});

it('a body that is destroyed while it hands over its last byte does not end', async () => {
  const source = silent();
  const told: string[] = [];
  const body: ObjectBody = new ObjectBody(source, 10, 60_000, {
    wants: true,
    bytes: () => {
      body.destroy();
      return true;
    },
    end: () => void told.push('end'),
    broken: () => void told.push('broken'),
  });
  source.push(Buffer.alloc(10));
  await turns();
  expect([told, vi.getTimerCount()]).toEqual([[], 0]);
});

it('a body waits until bytes are wanted', async () => {
  const source = silent();
  source.push(Buffer.alloc(4));
  const { body, told } = bodyOf10(source, { wants: false, goesOn: false });
  await turns();
  expect(told).toEqual([]);
  body.resume();
  await turns();
  expect([told, source.isPaused()]).toEqual([['4 bytes'], true]);
});
