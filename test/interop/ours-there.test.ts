import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { bytesOf, exampleStream, workedExample } from '../reference/worked-example.js';
import { everySort, OUR_KEYS } from '../vectors/case-kit.js';
import type { VectorKey } from '../vectors/form.js';
import { material, seed } from '../vectors/material.js';
import { said } from '../vectors/replay.js';
import { openThere } from './independent-reader.js';
import { needsPython } from './python.js';

const F = 4_096;
const SECOND: VectorKey = { name: 'zweiter Schl\u00fcssel', key: seed('second key of interop') };
const CONTEXTS: readonly Record<string, string>[] = [
  {},
  { tenant: 'a', purpose: '' },
  JSON.parse('{"2":"two","10":"ten","-":"dash","__proto__":"p","constructor":"c"}'),
  { '\ufeffkey': '\ufeff', 'caf\u00e9': 'nfc', 'cafe\u0301': 'nfd', '\uffff': 'x', '\u{10000}': '\0' },
  { k: 'v'.repeat(8_179) },
];

interface Case {
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly sealed: Uint8Array;
  readonly keys?: readonly VectorKey[];
  readonly context?: Readonly<Record<string, string>>;
}

/** Every stream opens there, to its plaintext. */
function expectOpenThere(cases: readonly Case[]): void {
  const answers = openThere(
    cases.map(({ sealed, keys = OUR_KEYS, context }) => ({ stream: sealed, keys, context })),
  );
  const outcomes = cases.map(({ name }, i) => [name, answers[i]![0]]);
  const right = cases.map(({ name, plaintext }) => [
    name,
    said({ verdict: 'success', atEnd: false, released: Buffer.from(plaintext) }),
  ]);
  expect(outcomes).toEqual(right);
}

function keysOf(...keys: readonly VectorKey[]): KeyProvider[] {
  return keys.map(rawKey);
}

function sealAtOnce(plaintext: Uint8Array, options: Partial<EncryptOptions>): Promise<Buffer> {
  return encrypt(plaintext, { keys: keysOf(...OUR_KEYS), frameSize: F, ...options });
}

describe('streams of this library open with the independent reader', () => {
  beforeEach(needsPython);

  it('in every suite, layout and edge length', async () => {
    const cases: Case[] = [];
    for (const sort of everySort()) {
      for (const length of [0, 1, F - 1, F, F + 1, 3 * F + 5]) {
        const plaintext = material(`${length}`, length);
        const stream = createEncryptStream({ keys: keysOf(...OUR_KEYS), frameSize: F, ...sort });
        stream.end(plaintext);
        const name = `${sort.suite} ${sort.layout} ${length}`;
        cases.push({ name, plaintext, sealed: await buffer(stream) });
        cases.push({ name: `${name}, at once`, plaintext, sealed: await sealAtOnce(plaintext, sort) });
      }
    }
    expectOpenThere(cases);
  });

  it('in every frame size', async () => {
    const cases: Case[] = [];
    for (let log2 = 12; log2 <= 20; log2++) {
      const frameSize = 2 ** log2;
      const plaintext = Buffer.alloc(frameSize + 1, log2);
      const layout = log2 % 2 === 0 ? 'fixed' : 'record';
      cases.push({
        name: `${frameSize}`,
        plaintext,
        sealed: await sealAtOnce(plaintext, { frameSize, layout }),
      });
    }
    expectOpenThere(cases);
  });

  it.each([[[0, 0]], [[1, 1, 0]], [[10, 490, 1]], [[F, 0, F]], [[F - 1, F + 1, 2 * F, 3]]])(
    'flushed between pieces of %j bytes',
    async (sizes) => {
      const cases: Case[] = [];
      for (const { suite, layout } of everySort().filter((sort) => sort.layout === 'record')) {
        const stream = createEncryptStream({ keys: keysOf(...OUR_KEYS), frameSize: F, suite, layout });
        const sealed = buffer(stream);
        const pieces = sizes.map((size, i) => material(`piece ${i}`, size));
        for (const piece of pieces) {
          stream.write(piece);
          await stream.flush();
        }
        stream.end();
        cases.push({ name: suite, plaintext: Buffer.concat(pieces), sealed: await sealed });
      }
      expectOpenThere(cases);
    },
  );

  it('with every context, shown or withheld', async () => {
    const cases: Case[] = [];
    const plaintext = Buffer.from('context');
    for (const [i, encryptionContext] of CONTEXTS.entries()) {
      const { suite, layout } = everySort()[2 * i]!;
      const options = { suite, layout, encryptionContext };
      const shown = await sealAtOnce(plaintext, options);
      const withheld = await sealAtOnce(plaintext, { ...options, withholdContext: true });
      cases.push({ name: `shown ${i}`, plaintext, sealed: shown });
      cases.push({ name: `required ${i}`, plaintext, sealed: shown, context: encryptionContext });
      cases.push({ name: `withheld ${i}`, plaintext, sealed: withheld, context: encryptionContext });
    }
    expectOpenThere(cases);
  });

  it('for several recipients, by each of them', async () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `key ${i}`, key: seed(`key ${i}`) }));
    const plaintext = Buffer.from('recipients');
    const keys = keysOf(...OUR_KEYS, ...many, SECOND);
    const sealed = await sealAtOnce(plaintext, { keys, suite: 'SM4-GCM' });
    expectOpenThere(
      [OUR_KEYS[0]!, many[29]!, SECOND].map((key) => ({ name: key.name, plaintext, sealed, keys: [key] })),
    );
  });

  it('without padding, and the worked example of the format', async () => {
    const plaintext = Buffer.from('padding');
    const example = workedExample();
    const keys = [{ name: 'vectors', key: bytesOf(example, 'wrapping key') }];
    expectOpenThere([
      { name: 'bare', plaintext, sealed: await sealAtOnce(plaintext, { envelopePadding: false }) },
      { name: 'example', plaintext: bytesOf(example, 'plaintext'), sealed: exampleStream(example), keys },
    ]);
  });

  it('with content and chain', async () => {
    const chain = {
      archive: seed('archive').subarray(0, 16),
      index: 2 ** 32 - 1,
      previous: seed('previous'),
    };
    const content = { encoding: 'gzip', type: 'text/plain; charset="\u00fc"' };
    const nothing = Buffer.alloc(0);
    const text = Buffer.from('chain');
    expectOpenThere([
      { name: 'both', plaintext: text, sealed: await sealAtOnce(text, { content, chain }) },
      { name: 'no hints', plaintext: text, sealed: await sealAtOnce(text, { content: {} }) },
      {
        name: 'closed',
        plaintext: nothing,
        sealed: await sealAtOnce(nothing, { chain: { ...chain, closed: true } }),
      },
    ]);
  });
});
