import { engines } from 'sealpipe';
import { describe, expect, it } from 'vitest';
import { assertRoundTrip, check } from '../../../bench/contenders/checked.mjs';
import { type Contender, contenderOf, nameOf, type Spec } from '../../../bench/contenders/contender.mjs';
import { preparing } from '../../../bench/contenders/prepared.mjs';
import { randomMemory } from '../../../bench/streams/input.mjs';
import { peerCases, shownCases } from '../../../bench/table/cases.mjs';

const specs = [...peerCases(), ...shownCases(engines())].map(({ contender }) => contender);
const distinct = [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
const small = distinct.filter((spec) => !('frameSize' in spec) || spec.frameSize <= 65_536);

describe('the contenders', () => {
  it.each(small.map((spec) => [`${nameOf(spec)} ${JSON.stringify(spec)}`, spec] as const))(
    '%s gives back what it was given, also to other code',
    (_, spec) => check(spec, 4_096),
  );
});

describe('the check', () => {
  const options = { name: 'the broken one', size: 100_000, chunkSize: 4_096 };
  const copying = (): Promise<Contender> => contenderOf({ kind: 'memcpy' } satisfies Spec);

  it('refuses a contender that alters a byte', async () => {
    const { seal } = await copying();
    const broken: Contender = {
      seal: (input, take) =>
        seal(input, (chunk) => {
          chunk[0]! ^= 1;
          take?.(chunk);
        }),
    };
    await expect(assertRoundTrip(broken, options)).rejects.toThrow('the broken one does not give back');
  });

  it('refuses a contender that loses the end, and one that only other code cannot read', async () => {
    const { seal } = await copying();
    const short: Contender = { seal: (input, take) => seal({ ...input, size: input.size - 1 }, take) };
    await expect(assertRoundTrip(short, options)).rejects.toThrow('does not give back');
    const private_: Contender = {
      seal: async (input, take) => ({
        ...(await seal(input, take)),
        openElsewhere: async () => new Uint8Array(0),
      }),
    };
    await expect(assertRoundTrip(private_, options)).rejects.toThrow('does not give back');
  });
});

describe('prepared streams', () => {
  it.each(['encrypt', 'decrypt'] as const)(
    '%s whole streams, of several lengths in any order',
    async (direction) => {
      const contender = await contenderOf({ kind: 'raw', suite: 'AES-256-GCM' });
      const prepare = preparing(contender, { direction, chunkSize: 1_000, memory: randomMemory(50_000) });
      const [long, short] = [await prepare(120_000), await prepare(7)];
      // A decrypting one fails unless the tag is that of the stream.
      for (const { run } of [long, short, long]) await run();
      await short.run({ paced: true });
      expect([long.size, short.size]).toEqual([120_000, 7]);
    },
  );
});
