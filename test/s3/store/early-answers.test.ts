import { once } from 'node:events';
import { Agent } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, it, onTestFinished } from 'vitest';
import { limitRate } from '../../../src/cli/io/store/rate-limit.js';
import { StoreCalls } from '../../../src/s3/store/store-calls.js';
import { eventually } from '../../support/eventually.js';
import { turns } from '../../support/quiet-process.js';
import { FAST, MIB } from '../upload/uploads.js';

/** More than the system holds for a connection. */
const bytes = Buffer.alloc(32 * MIB);
const SOME = MIB;

/** A server that reads some of a request, and the rest only when it is told to. */
async function slowReader() {
  const received: Buffer[] = [];
  let [size, hasEnded] = [0, false];
  let connection: Socket | undefined;
  const server = createServer((socket) => {
    connection = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      hasEnded = true;
    });
    socket.on('data', (chunk) => {
      if (size === 0) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      received.push(chunk);
      size += chunk.length;
      if (size - chunk.length < SOME && size >= SOME) socket.pause();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    connection?.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    isPaused: () => connection?.isPaused() === true,
    hasEnded: () => hasEnded,
    answer: (text: string) => connection!.write(`HTTP/1.1 ${text}\r\ncontent-length: 0\r\n\r\n`),
    resume: () => connection!.resume(),
  };
}

it.each([
  ['200 OK', false],
  ['403 Forbidden', false],
  ['200 OK', true],
  ['403 Forbidden', true],
])(
  'memory of a request that was answered early with %s may change, and is not sent; with a limited rate: %s',
  async (answer, isLimited) => {
    bytes.fill(0x61);
    const server = await slowReader();
    const httpAgent = new Agent({ keepAlive: true });
    const client = new S3Client({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler: { httpAgent },
    });
    onTestFinished(() => client.destroy());
    if (isLimited) limitRate(client, 2 ** 40);
    const calls = new StoreCalls(client, { signal: new AbortController().signal, pace: FAST });
    const over = calls.attempt(
      'UploadPart',
      { Bucket: 'the-bucket', Key: 'k', UploadId: 'u', PartNumber: 1, ContentLength: bytes.length },
      { payload: { bytes, signing: 'auto' } },
    );
    // The system takes no more of it: a slice waits in this process.
    await eventually(async () => {
      const [socket] = Object.values(httpAgent.sockets).flat();
      const before = socket?.writableLength;
      await turns(20);
      expect(server.isPaused() && before! > 0 && socket!.writableLength === before).toBe(true);
    });
    server.answer(answer);
    await over;
    bytes.fill(0xff);
    server.resume();
    const hasSeenIt = (): boolean => server.received.some((chunk) => chunk.includes(0xff));
    await eventually(() => expect(server.hasEnded() || hasSeenIt()).toBe(true));
    expect(hasSeenIt()).toBe(false);
  },
);
