import { describe, expect, it } from 'vitest';
import { runChild } from '../../../bench/child.mjs';

const MIB = 2 ** 20;
const cases = (['sealpipe', 'raw'] as const).flatMap((kind) =>
  (['encrypt', 'decrypt'] as const).map((direction) => [kind, direction] as const),
);

describe('the process whose memory is measured', () => {
  it.each(cases)('%s, %s: ends, and tells its peak', async (kind, direction) => {
    const { peak } = await runChild('memory/memory-process.mjs', { kind, direction, size: 3 * MIB });
    expect(peak).toBeGreaterThan(20 * MIB);
  });

  it('fails aloud', async () => {
    const bad = { kind: 'sealpipe', direction: 'encrypt', size: 'much' };
    await expect(runChild('memory/memory-process.mjs', bad)).rejects.toThrow(/ended with status/);
  });
});
