import { describe, expect, it } from 'vitest';
import { MAX_LINE } from '../../../../src/logs/units/unit-limits.js';
import { BegunLine } from '../../../../src/logs/writer/lines/begun-line.js';

const MIB = 1_048_576;

describe('a line whose end has not arrived', () => {
  it('takes memory for its bytes, and not for each of its pieces', () => {
    const line = new BegunLine();
    const piece = Buffer.from('x');
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    for (let i = 0; i < 500_000; i++) line.add(piece);
    expect(used() - before).toBeLessThan(16 * MIB);
    expect(Buffer.from(line.end(piece)).toString()).toBe('x'.repeat(500_001));
    expect(line.length).toBe(0);
  });

  it.each([1, 65_535, 65_536, 65_537, MAX_LINE - 1])(
    'holds its pieces, and then the next one: %i',
    (size) => {
      const line = new BegunLine();
      for (const letter of ['a', 'b']) {
        const bytes = Buffer.alloc(size, letter);
        line.add(bytes);
        expect(line.length).toBe(size);
        bytes.fill(0);
        expect(Buffer.from(line.end(Buffer.from('.'))).equals(Buffer.from(`${letter.repeat(size)}.`))).toBe(
          true,
        );
      }
    },
  );

  it('is what ends it if nothing came before', () => {
    const rest = Buffer.from('all');
    expect(new BegunLine().end(rest)).toBe(rest);
  });
});
