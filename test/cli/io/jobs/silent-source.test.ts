import { read, writeSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned } from '../../../support/pieces.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { systemPipe } from '../../../support/system-pipe.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import type { Running, StartOptions } from '../../support/running.js';
import { command, KEY_TEXT, namesIn, start, until, untilItRests } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'pipes are those of POSIX'));

const DATA = patterned(400_000);
const readAsync = promisify(read);

/** A command between pipes of the system, whose source gives what it is told to and stays open. */
interface Silent extends Running, Place {
  /** Puts bytes into the source. */
  give(bytes: Uint8Array): void;
  /** Reads what has come, which waits for it. */
  take(least: number): Promise<Buffer>;
  /** The reader leaves. */
  leave(): void;
}

async function silent(
  words: readonly string[],
  options: StartOptions & { readonly toFile?: boolean } = {},
): Promise<Silent> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  const [input, output] = [await systemPipe(), await systemPipe()];
  const { toFile = false, ...rest } = options;
  const stdio = [input.reader, toFile ? 'pipe' : output.writer, 'pipe'] as const;
  const running = start(words, place, { ...rest, stdio: [...stdio] });
  input.end(input.reader);
  output.end(output.writer);
  return {
    ...place,
    ...running,
    give: (bytes) => void writeSync(input.writer, bytes),
    async take(least) {
      const pieces: Buffer[] = [];
      for (let length = 0; length < least; ) {
        const piece = Buffer.alloc(1_048_576);
        const { bytesRead: bytes } = await readAsync(output.reader, piece, 0, piece.length, null);
        if (bytes === 0) break;
        pieces.push(piece.subarray(0, bytes));
        length += bytes;
      }
      return Buffer.concat(pieces);
    },
    leave: () => output.end(output.reader),
  };
}

/** How the command ends. It has no status if it does not heed a signal, which takes its usual effect after a second. */
async function endOf({ ended }: Running): Promise<{ status: number | null; stderr: string }> {
  const { status, stderr } = await ended;
  return { status, stderr };
}

async function sealedData(): Promise<Buffer> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), DATA);
  return (await command(['encrypt', '-k', 'file:k', 'a'], place)).stdout;
}

describe('a source that is silent', () => {
  it('holds back no whole frame, and no signal', async () => {
    const running = await silent(['encrypt', '-k', 'file:k']);
    const preamble = (await running.take(1)).length;
    running.give(DATA.subarray(0, 65_535));
    running.give(DATA.subarray(65_535, 65_537));
    expect((await running.take(65_552)).length).toBe(65_552);
    expect(preamble % 1_024).not.toBe(0);
    running.child.kill('SIGTERM');
    expect(await endOf(running)).toEqual({ status: 143, stderr: '' });
  });

  it('holds back no plaintext, and no signal', async () => {
    const sealed = await sealedData();
    const running = await silent(['decrypt', '-k', 'file:k']);
    running.give(sealed.subarray(0, 65_000));
    running.give(sealed.subarray(65_000, 120_000));
    expect((await running.take(65_536)).equals(DATA.subarray(0, 65_536))).toBe(true);
    running.child.kill('SIGINT');
    expect(await endOf(running)).toMatchObject({ status: 130 });
  });

  it.each(['encrypt', 'decrypt'])('does not keep %s before its first byte', async (command) => {
    const running = await silent([command, '-k', 'file:k']);
    if (command === 'encrypt') await running.take(1);
    else await untilItRests(running.child);
    running.child.kill('SIGTERM');
    expect(await endOf(running)).toEqual({ status: 143, stderr: '' });
  });

  it('does not keep a command whose reader has left: the next frame ends it', async () => {
    const running = await silent(['encrypt', '-k', 'file:k']);
    await running.take(1);
    running.leave();
    running.give(DATA.subarray(0, 65_536));
    expect(await endOf(running)).toEqual({ status: 141, stderr: '' });
  });

  it('does not keep a command whose disk is full', async () => {
    const running = await silent(['encrypt', '-k', 'file:k', '-o', '/dev/full'], { toFile: true });
    const { status, stderr } = await running.ended;
    expect([status, stderr]).toEqual([1, expect.stringContaining('no space left on device')]);
  });

  it.each([
    [['encrypt', '-k', 'alias/a'], new Uint8Array(0)],
    [['decrypt', '-k', 'file:k2'], undefined],
  ])('does not keep %j whose key fails', async (words, given) => {
    const env = {
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_MAX_ATTEMPTS: '1',
    };
    const sealed = given ?? (await sealedData()).subarray(0, 60_000);
    const running = await silent(words, { env });
    if (given === undefined) {
      await writeFile(join(running.folder, 'k2'), KEY_TEXT.replaceAll('0', '7'), { mode: 0o600 });
      running.give(sealed);
    }
    expect((await running.ended).status).toBe(5);
  });

  it('does not keep a command whose stream does not verify', async () => {
    const sealed = await sealedData();
    sealed[60_000]! ^= 1;
    const running = await silent(['decrypt', '-k', 'file:k']);
    running.give(sealed.subarray(0, 65_536));
    running.give(sealed.subarray(65_536, 120_000));
    expect((await running.ended).status).toBe(3);
  });

  it('leaves no file after a signal', async () => {
    const running = await silent(['encrypt', '-k', 'file:k', '-o', 'out'], { toFile: true });
    running.give(DATA.subarray(0, 60_000));
    await until(async () => (await namesIn(running.folder)).length > 1, 'a temporary file');
    running.child.kill('SIGTERM');
    expect(await endOf(running)).toEqual({ status: 143, stderr: '' });
    expect(await namesIn(running.folder)).toEqual(['k']);
  });
});

describe('a reader that has stopped', () => {
  it('does not keep a command that gets a signal', async () => {
    const running = await silent(['encrypt', '-k', 'file:k', '/dev/zero', '-o', '/dev/fd/1']);
    await running.take(1);
    await untilItRests(running.child);
    running.child.kill('SIGTERM');
    expect(await endOf(running)).toMatchObject({ status: 143 });
  });

  it('does not hide, when it leaves, a fault that was found before', async () => {
    const sealed = await sealedData();
    const frames = 4 * 65_552;
    const preamble = sealed.length - DATA.length - 7 * 16;
    sealed[preamble + frames - 1]! ^= 1;
    const running = await silent(['decrypt', '-k', 'file:k']);
    for (let at = 0; at < preamble + frames; at += 50_000) {
      running.give(sealed.subarray(at, Math.min(at + 50_000, preamble + frames)));
    }
    await untilItRests(running.child);
    running.leave();
    const { status, stderr } = await endOf(running);
    expect([status, stderr]).toEqual([3, expect.stringContaining('not authentic')]);
  });

  it('gets everything when it goes on', async () => {
    const running = await silent(['encrypt', '-k', 'file:k']);
    const first = await running.take(1);
    for (let at = 0; at < 4; at++) running.give(DATA.subarray(at * 50_000, (at + 1) * 50_000));
    await untilItRests(running.child);
    const rest = await running.take(3 * 65_552);
    running.child.kill('SIGTERM');
    await running.ended;
    await writeFile(join(running.folder, 's'), Buffer.concat([first, rest]));
    const opened = await command(['decrypt', '-k', 'file:k', 's'], running);
    expect([opened.status, DATA.subarray(0, opened.stdout.length).equals(opened.stdout)]).toEqual([4, true]);
    expect(opened.stdout.length).toBe(3 * 65_536);
    expect((await readFile(join(running.folder, 's'))).length).toBeGreaterThan(3 * 65_536);
  });
});
