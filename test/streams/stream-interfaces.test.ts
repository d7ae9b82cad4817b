import * as streams from 'node:stream';
import { Duplex, PassThrough, Readable, Transform, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { hanging } from '../support/hanging-provider.js';
import { PROMPTLY, timeToClose } from '../support/outcome.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

/** The types of Node 20 do not know it. */
const { compose } = streams as unknown as { compose(...parts: Duplex[]): Duplex };
const plaintext = patterned(1_500_000);

describe.each([
  ['encrypt', () => createEncryptStream({ keys })],
  ['decrypt', () => createDecryptStream({ keys })],
])('an %s stream', (_, create) => {
  it('is a Transform of node:stream, of bytes', () => {
    const stream = create();
    expect(stream).toBeInstanceOf(Transform);
    expect(stream).toBeInstanceOf(Readable);
    expect(stream).toBeInstanceOf(Writable);
    expect([stream.readableObjectMode, stream.writableObjectMode]).toEqual([false, false]);
    stream.destroy();
  });

  it.each(['size', 'length', 'byteLength', 'start', 'end', 'byteOffset'])(
    'has no number by the name of %s',
    (name) => {
      const stream = create();
      expect(typeof Reflect.get(stream, name)).not.toBe('number');
      stream.destroy();
    },
  );

  it('shows no key to whoever inspects it', async () => {
    const { inspect } = await import('node:util');
    const secret = Buffer.alloc(32, 7);
    const stream = create();
    await turns();
    expect(inspect(stream, { depth: 9, showHidden: true })).not.toContain(
      secret.toString('hex', 0, 8).replace(/..(?!$)/g, '$& '),
    );
    stream.destroy();
  });

  it('is destroyed by Symbol.asyncDispose, with an AbortError, and has no last frame', async () => {
    const stream = create();
    const errors: Error[] = [];
    stream.on('error', (error) => errors.push(error));
    stream.write(Buffer.alloc(10));
    await stream[Symbol.asyncDispose]().catch(() => undefined);
    expect([stream.destroyed, stream.framesOut]).toEqual([true, 0]);
    expect(errors[0]?.name ?? 'AbortError').toBe('AbortError');
  });
});

it('Symbol.asyncDispose does not wait for a key call that hangs', async () => {
  const { provider, asked } = hanging(keys, 'generate');
  const stream = createEncryptStream({ keys: provider });
  stream.on('error', () => undefined);
  await asked;
  const since = performance.now();
  await stream[Symbol.asyncDispose]().catch(() => undefined);
  expect(performance.now() - since).toBeLessThan(PROMPTLY);
  expect(stream.closed).toBe(true);
});

it('a loop that breaks destroys the stream, and its keys are wiped', async () => {
  const { provider, dataKeys } = watched(keys);
  const stream = createDecryptStream({ keys: provider });
  stream.write(await encrypt(plaintext, { keys }));
  for await (const chunk of stream) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect([stream.destroyed, dataKeys.map(isWiped)]).toEqual([true, [true]]);
});

it('a loop that reads to the end has every byte', async () => {
  const stream = createDecryptStream({ keys });
  const chunks: Buffer[] = [];
  stream.end(await encrypt(plaintext, { keys }));
  for await (const chunk of stream) chunks.push(chunk);
  expect(Buffer.concat(chunks).equals(plaintext)).toBe(true);
});

it('a loop over a stream that is cut short throws', async () => {
  const stream = createDecryptStream({ keys });
  stream.end((await encrypt(plaintext, { keys })).subarray(0, 140_000));
  const loop = async () => {
    for await (const _ of stream);
  };
  await expect(loop()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION', atEnd: true });
});

it('both directions fit into one pipeline, any number of times', async () => {
  const chunks: Buffer[] = [];
  await pipeline(
    Readable.from(piecesOf(plaintext, 9_999)),
    createEncryptStream({ keys }),
    createEncryptStream({ keys, layout: 'record', frameSize: 4_096 }),
    createDecryptStream({ keys }),
    createDecryptStream({ keys }),
    async (out) => {
      for await (const chunk of out) chunks.push(chunk);
    },
  );
  expect(Buffer.concat(chunks).equals(plaintext)).toBe(true);
});

it('stream.compose() puts them together, and carries an error', async () => {
  const both = compose(createEncryptStream({ keys }), createDecryptStream({ keys }));
  both.end(plaintext);
  expect(Buffer.concat(await both.toArray()).equals(plaintext)).toBe(true);
  const broken = compose(new PassThrough(), createDecryptStream({ keys }));
  broken.end(Buffer.from('not sealed'));
  await expect(broken.toArray()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
});

it('Duplex.toWeb() makes a pair of web streams of either', async () => {
  const source = new Blob([plaintext]).stream();
  const sealed = source.pipeThrough(Duplex.toWeb(createEncryptStream({ keys })));
  const opened = sealed.pipeThrough(Duplex.toWeb(createDecryptStream({ keys })));
  const bytes = Buffer.from(await new Response(opened as never).arrayBuffer());
  expect(bytes.equals(plaintext)).toBe(true);
});

it('Duplex.toWeb() carries an error', async () => {
  const source = new Blob(['not sealed']).stream();
  const opened = source.pipeThrough(Duplex.toWeb(createDecryptStream({ keys })));
  await expect(new Response(opened as never).arrayBuffer()).rejects.toThrow();
});

it.each([
  ['encrypt', async () => ({ stream: createEncryptStream({ keys }), input: plaintext })],
  [
    'decrypt',
    async () => ({ stream: createDecryptStream({ keys }), input: await encrypt(plaintext, { keys }) }),
  ],
])(
  'a web stream of bytes, which transfers what it is given, has all bytes of an %s stream',
  async (_, make) => {
    const { stream, input } = await make();
    const source = Readable.from(piecesOf(input, 65_536), { objectMode: false });
    const bytes = Readable.toWeb(compose(source as unknown as Duplex, stream), { type: 'bytes' } as object);
    const received = Buffer.from(await new Response(bytes as ReadableStream).arrayBuffer());
    expect((input === plaintext ? await decrypt(received, { keys }) : received).equals(plaintext)).toBe(true);
  },
);

it('Readable.toWeb() of an encrypt stream can be cancelled', async () => {
  const stream = createEncryptStream({ keys });
  stream.on('error', () => undefined);
  stream.write(plaintext);
  const reader = Readable.toWeb(stream).getReader();
  expect((await reader.read()).done).toBe(false);
  await reader.cancel('enough').catch(() => undefined);
  if (!stream.closed) await timeToClose(stream);
  expect(stream.destroyed).toBe(true);
});

it('finished() tells the end, and the error', async () => {
  const stream = createEncryptStream({ keys });
  const whole = finished(stream);
  stream.resume().end('hello');
  await whole;
  const broken = createDecryptStream({ keys });
  const failed = finished(broken);
  broken.resume().end('not sealed');
  await expect(failed).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
});

it('a stream can be piped by hand, and unpiped', async () => {
  const stream = createEncryptStream({ keys });
  const sink = new PassThrough();
  stream.pipe(sink);
  stream.write('a');
  await turns();
  stream.unpipe(sink);
  stream.end('b');
  const rest = await stream.toArray();
  expect(String(await decrypt(Buffer.concat([sink.read(), ...rest]), { keys }))).toBe('ab');
});
