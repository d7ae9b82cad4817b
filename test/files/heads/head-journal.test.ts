import { describe, expect, it } from 'vitest';
import { decodeJournal, encodeJournal, fits } from '../../../src/files/heads/head-journal.js';
import { preambleOf } from '../../reference/preambles.js';
import { headOf } from './heads.js';

const OLD = headOf(1);
const NEW = headOf(2);
const JOURNAL = encodeJournal({ old: OLD, new: NEW });

describe('the bytes of a journal', () => {
  it('are magic, version, length, the old head, the new head, and a digest', () => {
    expect(JOURNAL.subarray(0, 12).toString('hex')).toBe('895345414a0d0a1a01000000');
    expect(JOURNAL.readUInt32BE(12)).toBe(OLD.length);
    expect(JOURNAL.subarray(16, 16 + OLD.length)).toEqual(OLD);
    expect(JOURNAL.length).toBe(16 + 2 * OLD.length + 32);
    expect(decodeJournal(JOURNAL)).toEqual({ old: OLD, new: NEW });
  });

  it('are torn at any length but the whole one', () => {
    for (let length = 0; length < JOURNAL.length; length += 13) {
      expect(decodeJournal(JOURNAL.subarray(0, length))).toBe('torn');
    }
    expect(decodeJournal(Buffer.concat([JOURNAL, Buffer.alloc(1)]))).toBe('torn');
  });

  it('are torn with any byte changed, or of another version', () => {
    for (let at = 0; at < JOURNAL.length; at += 7) {
      const bytes = Buffer.from(JOURNAL);
      bytes[at]! ^= 0x40;
      expect(decodeJournal(bytes)).toBe('torn');
    }
    const later = Buffer.from(JOURNAL);
    later[8] = 2;
    expect(decodeJournal(later)).toBe('foreign');
  });

  it('are torn where they are zeros', () => {
    expect(decodeJournal(Buffer.alloc(JOURNAL.length))).toBe('torn');
  });
});

describe('a change fits a file', () => {
  const change = { old: OLD, new: NEW };

  it('whose sectors are each the old one or the new one', () => {
    const sectors = Math.ceil(OLD.length / 512);
    for (let mask = 0; mask < 2 ** sectors; mask++) {
      const head = Buffer.from(OLD);
      for (let i = 0; i < sectors; i++) if (mask & (1 << i)) NEW.copy(head, i * 512, i * 512, (i + 1) * 512);
      expect(fits(change, head)).toBe(true);
    }
  });

  it('and no other: not with one byte that is neither', () => {
    for (let at = 0; at < OLD.length; at += 11) {
      const head = Buffer.from(OLD);
      head[at]! ^= 0x80;
      expect(fits(change, head)).toBe(false);
    }
  });

  it('not one that is shorter', () => expect(fits(change, OLD.subarray(0, -1))).toBe(false));

  it.each<[string, (head: Buffer) => void]>([
    ['version', (head) => (head[8] = 2)],
    ['suite', (head) => (head[9] = 2)],
    ['frame size', (head) => (head[10] = 15)],
    ['layout', (head) => (head[11] = 1)],
    ['salt', (head) => (head[20]! ^= 1)],
    ['commitment', (head) => (head[52]! ^= 1)],
    ['bound', (head) => (head[90]! ^= 1)],
  ])('only if old, new and file have the same %s', (_, alter) => {
    const [old, next] = [Buffer.from(OLD), Buffer.from(NEW)];
    alter(next);
    expect(fits({ old, new: next }, old)).toBe(false);
    expect(fits({ old: next, new: old }, old)).toBe(false);
    alter(old);
    expect(fits({ old, new: next }, OLD)).toBe(false);
  });

  it('only with heads that are whole and legal', () => {
    const other = preambleOf();
    expect(fits({ old: OLD, new: OLD.subarray(0, -1) }, OLD)).toBe(false);
    expect(fits({ old: OLD, new: other }, OLD)).toBe(false);
    expect(fits({ old: Buffer.alloc(0), new: Buffer.alloc(0) }, Buffer.alloc(0))).toBe(false);
    const longer = Buffer.concat([OLD, Buffer.alloc(1)]);
    expect(fits({ old: longer, new: longer }, longer)).toBe(false);
  });
});
