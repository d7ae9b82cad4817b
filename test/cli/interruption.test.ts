import { readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onlyWhere } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import type { Place } from './support/command.js';
import { makePlace } from './support/command.js';
import {
  hasTemporary,
  KEY_TEXT,
  namesIn,
  signalled,
  start,
  until,
  untilItListens,
  untilItOpensFifo,
} from './support/running.js';

const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(STATUS) as (keyof typeof STATUS)[];

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  return place;
}

describe('a signal', () => {
  it.each(SIGNALS)('%s in the middle of a stream leaves no file, and its status', async (signal) => {
    const place = await placeWithKey();
    const { child, ended } = start(['encrypt', '-k', 'file:k', '-o', 'out'], place);
    child.stdin?.write(Buffer.alloc(300_000));
    await until(() => hasTemporary(place.folder), 'a temporary file');
    child.kill(signal);
    expect(await ended).toMatchObject({ status: STATUS[signal], stderr: '' });
    expect(await namesIn(place.folder)).toEqual(['k']);
  });

  it('does not change a file that it was to replace', async () => {
    const place = await placeWithKey();
    await writeFile(join(place.folder, 'out'), 'before');
    const { child, ended } = start(['encrypt', '-k', 'file:k', '-f', '-o', 'out'], place);
    child.stdin?.write('some');
    await until(() => hasTemporary(place.folder), 'a temporary file');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143 });
    expect(await namesIn(place.folder)).toEqual(['k', 'out']);
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toBe('before');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a key call that hangs', async (signal) => {
    const place = await makePlace();
    let asked = false;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      asked = true;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const env = {
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const { child, ended } = start(['encrypt', '-k', 'alias/a', '-o', 'out'], place, { env });
    await until(() => asked, 'a call to KMS');
    child.kill(signal);
    expect(await ended).toMatchObject({ status: STATUS[signal], stderr: '' });
    expect(await namesIn(place.folder)).toEqual([]);
  });

  it('ends an open() that the system does not come back from', async () => {
    const place = await placeWithKey();
    await runProcess('mkfifo', ['fifo'], { cwd: place.folder });
    const { child, ended } = start(['encrypt', '-k', 'file:k', '-v', 'fifo', '-o', 'out'], place);
    await untilItOpensFifo(child);
    child.kill('SIGINT');
    // Nothing but the signal itself ends such a process; a shell sees 130 all the same.
    expect(await ended).toMatchObject({ status: null, signal: 'SIGINT' });
    expect(await namesIn(place.folder)).toEqual(['fifo', 'k']);
  });

  it('ends what does not come back when it comes twice, and leaves no file then either', async () => {
    const place = await placeWithKey();
    await runProcess('mkfifo', ['fifo'], { cwd: place.folder });
    await writeFile(join(place.folder, 'plain'), 'plain');
    const running = start(['encrypt', '-k', 'file:k', 'plain', '-o', 'fifo'], place);
    await untilItOpensFifo(running.child);
    expect(await signalled(running, 'SIGTERM')).toMatchObject({ status: null, signal: 'SIGTERM' });
    expect(await namesIn(place.folder)).toEqual(['fifo', 'k', 'plain']);
  });

  it('ends a command whose reader has stopped reading', async () => {
    const place = await placeWithKey();
    await writeFile(join(place.folder, 'a'), Buffer.alloc(8_000_000));
    const { child, ended } = start(['encrypt', '-k', 'file:k', 'a'], place);
    child.stdout?.pause();
    await untilItListens(child);
    setTimeout(() => child.kill('SIGTERM'), 200);
    setTimeout(() => child.stdout?.resume(), 1_500);
    const { status, signal } = await ended;
    expect([status, signal]).toEqual(status === 143 ? [143, null] : [null, 'SIGTERM']);
  });
});

describe('a signal while a program runs', () => {
  it('is passed on to it, and leaves no file', async () => {
    const place = await placeWithKey();
    const script = 'trap "echo told >> told; exit 0" TERM; echo > ready; while :; do sleep 0.05; done';
    const words = ['encrypt', '-k', 'file:k', '-o', 'out', '--', 'sh', '-c', script];
    const { child, ended } = start(words, place);
    await until(async () => (await namesIn(place.folder)).includes('ready'), 'the program is ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143 });
    await until(async () => (await namesIn(place.folder)).includes('told'), 'the program was told');
    expect(await namesIn(place.folder)).toEqual(['k', 'ready', 'told']);
  });

  it('ends the program when the output fails', async () => {
    const place = await placeWithKey();
    const script =
      'trap "echo told > told; exit 0" TERM; head -c 3000000 /dev/zero; while :; do sleep 0.05; done';
    const words = ['encrypt', '-k', 'file:k', '-o', '/dev/full', '--', 'sh', '-c', script];
    const { ended } = start(words, place);
    expect(await ended).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no space left on device'),
    });
    await until(async () => (await namesIn(place.folder)).includes('told'), 'the program was told');
  });
});
