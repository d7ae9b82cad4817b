import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FileEncryption } from '../../src/files/file-encryption.js';
import type { StreamMessage } from '../../src/session/diagnostics.js';
import { patterned } from '../support/pieces.js';
import { keys } from '../support/test-keys.js';
import { MemoryFile, systemError } from './memory-file.js';

const SIZE = 2_000_000;
const ignored = () => undefined;
let messages: StreamMessage[];
const listen = (message: unknown) => messages.push(message as StreamMessage);

beforeEach(() => {
  messages = [];
  subscribe('sealpipe:stream', listen);
});
afterEach(() => {
  unsubscribe('sealpipe:stream', listen);
});

it('a file tells its start and its end in both directions, as a stream does', async () => {
  const sink = new MemoryFile();
  await new FileEncryption(
    { source: new MemoryFile(patterned(SIZE)), sink },
    { keys, engine: 'node' },
    ignored,
  ).run();
  const source = new MemoryFile(sink.written);
  await new FileDecryption({ source, sink: new MemoryFile() }, { keys, engine: 'node' }, ignored).run();
  const known = {
    suite: 'AES-256-GCM',
    engine: 'node',
    layout: 'fixed',
    frameSize: 65_536,
    keyProvider: 'raw',
    key: 'test',
  };
  const nothing = { bytesIn: 0, bytesOut: 0, frames: 0 };
  const size = sink.written.length;
  expect(messages).toEqual([
    { event: 'start', direction: 'encrypt', ...known, ...nothing },
    { event: 'end', direction: 'encrypt', ...known, bytesIn: SIZE, bytesOut: size, frames: 31 },
    { event: 'start', direction: 'decrypt', ...known, ...nothing },
    { event: 'end', direction: 'decrypt', ...known, bytesIn: size, bytesOut: SIZE, frames: 31 },
  ]);
});

it('a file tells an error once, with what was written until then, and no end', async () => {
  const error = systemError('ENOSPC', 'write');
  const sink = new MemoryFile(undefined, { failsAt: 2, error });
  const run = new FileEncryption({ source: new MemoryFile(patterned(SIZE)), sink }, { keys }, ignored).run();
  await expect(run).rejects.toBe(error);
  expect(messages.map(({ event }) => event)).toEqual(['start', 'error']);
  expect(messages[1]).toMatchObject({
    direction: 'encrypt',
    error: { code: 'ENOSPC', syscall: 'write' },
    bytesOut: sink.written.length,
  });
});

it('a file that fails before its key is there tells an error alone', async () => {
  const source = new MemoryFile(Buffer.from('no sealed stream'));
  const run = new FileDecryption({ source, sink: new MemoryFile() }, { keys }, ignored).run();
  await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
  expect(messages).toEqual([
    {
      event: 'error',
      direction: 'decrypt',
      bytesIn: 0,
      bytesOut: 0,
      frames: 0,
      error: expect.objectContaining({ code: 'ERR_SEALPIPE_FORMAT' }),
    },
  ]);
});
