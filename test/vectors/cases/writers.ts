import { sha256 } from '../../../src/crypto/key-schedule.js';
import { SUITES } from '../../../src/suites.js';
import { sealByHand } from '../by-hand.js';
import { everySort, OUR_KEYS, sortName } from '../case-kit.js';
import { contextBytes, packEnvelope, rawWrapping } from '../craft.js';
import type { Vector } from '../form.js';
import { vectorOf } from '../form.js';
import { CREATED, KEY_NAME, material, seed, WRAPPING_KEY } from '../material.js';
import type { WriterInputs, WriterRecipient } from '../writer-inputs.js';
import { fixedFrames } from '../writer-inputs.js';

const F = 4_096;
const LENGTHS = [
  ['0', 0],
  ['1', 1],
  ['f-minus-1', F - 1],
  ['f', F],
  ['f-plus-1', F + 1],
] as const;

type Change = Partial<Omit<WriterInputs, 'recipients'>> & {
  /** More recipients than our own, which comes first. */
  readonly others?: readonly WriterRecipient[];
};

/** What a writer makes of everything that decides the bytes of a stream. */
export function writerCases(): Vector[] {
  return [...lengths(), ...frames(), ...envelopes(), ...bounds()];
}

/** Sealed for our key; `change` says what is unusual. */
function written(
  name: string,
  comment: string,
  change: Change = {},
  context?: Record<string, string>,
): Vector {
  const full = `writer/${name}`;
  const { others = [], ...rest } = change;
  const { suite = 'AES-256-GCM', layout = 'fixed' } = rest;
  const plaintext = rest.plaintext ?? material(`${full}, plaintext`, 20);
  const { dataKey = material(`${full}, data key`, SUITES[suite].keySize) } = rest;
  const pairs = rest.context ?? [];
  const { wrapped } = rawWrapping(full, dataKey, sha256(contextBytes(pairs)));
  const raw = { wrappingKey: WRAPPING_KEY, r: wrapped.subarray(0, 32) };
  const frameSizeLog2 = rest.frameSizeLog2 ?? 12;
  const inputs: WriterInputs = {
    suite,
    layout,
    frameSizeLog2,
    dataKey,
    salt: seed(`${full}, salt`),
    created: CREATED,
    context: pairs,
    withholdContext: false,
    recipients: [{ provider: 'raw', key: KEY_NAME, wrapped, raw }, ...others],
    padding: true,
    frames: layout === 'fixed' ? fixedFrames(plaintext.length, 2 ** frameSizeLog2) : [[1, plaintext.length]],
    plaintext,
    ...rest,
  };
  const { stream, preambleSize } = sealByHand(inputs);
  const said = { name: full, comment, suite, layout, keys: OUR_KEYS, context };
  return vectorOf({ ...said, preambleSize, released: plaintext, writer: inputs, stream });
}

function lengths(): Vector[] {
  return everySort().flatMap((sort, i) =>
    LENGTHS.filter(([length]) => i < 2 || length === '0' || length === 'f-plus-1').map(([length, bytes]) => {
      const plaintext = material(`lengths ${length}`, bytes);
      const frames =
        sort.layout === 'fixed' || bytes < F ? {} : { frames: [[1, F] as const, [1, bytes - F] as const] };
      const comment = `A plaintext of ${bytes} bytes, F is ${F}`;
      return written(`${sortName(sort)}-${length}`, comment, { ...sort, plaintext, ...frames });
    }),
  );
}

function frames(): Vector[] {
  const record = { layout: 'record' } as const;
  const sizes = [13, 14, 15, 16, 17, 18, 19, 20].map((log2, i) =>
    written(`frame-size-2-to-the-${log2}`, `A frame size of ${2 ** log2}`, {
      frameSizeLog2: log2,
      layout: i % 2 === 0 ? 'fixed' : 'record',
    }),
  );
  return [
    written('record-flushes', 'Frames of 10 bytes, 1 byte, F, 3 and 20 bytes, and an empty final one', {
      ...record,
      plaintext: material('flushes', 10 + 1 + F + 3 + 20),
      frames: [10, 1, F, 3, 20, 0].map((bytes) => [1, bytes]),
    }),
    ...sizes,
    written(
      'record-66000-frames',
      '66,000 frames of one byte: three bytes of the nonce change. The stream is not written out',
      { ...record, plaintext: Buffer.alloc(66_000, 'a'), frames: [[66_000, 1]] },
    ),
  ];
}

/** Envelopes that are short of a multiple of 1,024 bytes by an awkward number. */
function envelopes(): Vector[] {
  const other = (wrapped: number): WriterRecipient => {
    return { provider: 'vectors.example', key: 'other', wrapped: Buffer.alloc(wrapped, 7) };
  };
  const ours = { provider: 'raw', key: KEY_NAME, wrapped: Buffer.alloc(80) };
  const bare = packEnvelope([ours, other(1_024)]).length;
  const short = [0, 1, 2, 3, 4, 5, 6, 7, 261, 262, 263].map((missing) => {
    const wrapped = 1_024 + ((((-bare - missing) % 1_024) + 1_024) % 1_024);
    return written(`envelope-${missing}-short`, `The bare envelope is ${missing} bytes short of a multiple`, {
      others: [other(wrapped)],
    });
  });
  return [
    ...short,
    written('no-padding', 'A writer that was told not to pad', { padding: false }),
    written('three-recipients', 'Three recipients, in the order that they were given in', {
      others: [other(3), { ...other(4), key: 'another' }],
    }),
    written('data-key-of-64', 'A data key that is longer than K', { dataKey: material('long data key', 64) }),
  ];
}

function bounds(): Vector[] {
  const archive = seed('archive').subarray(0, 16);
  const context = [
    ['10', 'ten'],
    ['2', 'two'],
    ['__proto__', 'p'],
    ['\uffff', 'after it in UTF-16'],
    ['\u{10000}', 'last'],
  ] as const;
  const first = { archive, index: 0, previous: Buffer.alloc(32) };
  return [
    written('context', 'Pairs in the order of their UTF-8 bytes', { context }),
    written(
      'context-withheld',
      'The context stays out of the stream',
      { context: [['a', '1']], withholdContext: true },
      { a: '1' },
    ),
    written('content', 'Both hints', { content: { encoding: 'gzip', type: 'application/x-ndjson' } }),
    written('chain-first', 'The first segment of an archive', { layout: 'record', chain: first }),
    written('chain-closed', 'A later segment that closes its archive, with content and context', {
      chain: { archive, index: 2 ** 16, previous: seed('before'), closed: true },
      content: { type: '' },
      context: [['a', '']],
      plaintext: Buffer.alloc(0),
    }),
  ];
}
