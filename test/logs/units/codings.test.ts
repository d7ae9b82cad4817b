import * as zlib from 'node:zlib';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasZstd } from '../../../src/logs/units/coding.js';
import { encodeLines } from '../../../src/logs/units/unit.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { altered, codeOf, FORMAT, UNSUPPORTED } from './unit-kit.js';

const long = Buffer.concat([Buffer.alloc(9_999, 'x'), Buffer.from('\n')]);

/** A unit of one line of 10,000 bytes, newline included, with any body. */
function unitOf(coding: number, body: Uint8Array, plain = long.length): Buffer {
  const head = encodeLines({ text: long, lines: 1, first: 0, last: 0 }).subarray(0, 26);
  const unit = Buffer.concat([head, body]);
  unit[1] = coding;
  unit.writeUInt32BE(plain, 22);
  return unit;
}

describe('a body under gzip', () => {
  const member = gzipSync(long);
  const head = Buffer.from('1f8b0808000000000003', 'hex');
  const named = Buffer.concat([head, Buffer.from('x\0'), member.subarray(10)]);
  it.each([
    ['one member', member, 'read'],
    ['another member behind it', Buffer.concat([member, gzipSync('')]), FORMAT],
    ['an empty member before it', Buffer.concat([gzipSync(''), member]), FORMAT],
    ['a zero behind it', Buffer.concat([member, Buffer.alloc(1)]), FORMAT],
    ['eight zeros behind it', Buffer.concat([member, Buffer.alloc(8)]), FORMAT],
    ['its tail behind it once more', Buffer.concat([member, member.subarray(-8)]), FORMAT],
    [
      'a byte between its data and its tail',
      Buffer.concat([member.subarray(0, -8), Buffer.alloc(1), member.subarray(-8)]),
      FORMAT,
    ],
    ['no tail', member.subarray(0, -8), FORMAT],
    ['half of it', member.subarray(0, member.length / 2), FORMAT],
    ['the name of a file', named, FORMAT],
    ['another check sum', altered(member, member.length - 8, member[member.length - 8]! ^ 1), FORMAT],
    ['another length', altered(member, member.length - 1, 1), FORMAT],
    ['no gzip', deflateRawSync(long), FORMAT],
    ['nothing', Buffer.alloc(0), FORMAT],
    ['a bomb', gzipSync(Buffer.alloc(2 ** 24)), FORMAT],
  ])('of %s', (_, body, outcome) => {
    expect(codeOf(unitOf(1, body), 'gzip')).toBe(outcome);
  });

  it('is refused where the segment names another coding', () => {
    expect(codeOf(unitOf(1, member), 'zstd')).toBe(FORMAT);
    expect(codeOf(unitOf(1, member), 'stored')).toBe(FORMAT);
  });

  it('takes no more memory than its head says, however large it would become', () => {
    const bomb = unitOf(1, gzipSync(Buffer.alloc(2 ** 27)), 1_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(bomb, 'gzip')).toBe(FORMAT);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });
});

describe('a body under zstd', () => {
  it('is refused as unsupported where Node lacks it', (context) => {
    onlyWhere(context, !hasZstd, 'Node has zstd');
    expect(codeOf(unitOf(2, Buffer.alloc(9)))).toBe(UNSUPPORTED);
  });

  it('is one frame and nothing else', (context) => {
    onlyWhere(context, hasZstd, 'Node has no zstd');
    const { zstdCompressSync } = zlib as unknown as {
      zstdCompressSync(bytes: Uint8Array, options?: object): Buffer;
    };
    const frame = zstdCompressSync(long);
    const skippable = Buffer.from('502a4d1804000000aaaaaaaa', 'hex');
    // One raw block of one byte, of a window of 16 MiB: RFC 8878, 3.1.1.1.2.
    const wide = Buffer.from('28b52ffd00700900000a', 'hex');
    const narrow = Buffer.from('28b52ffd00680900000a', 'hex');
    const cases: [string, Buffer, unknown][] = [
      ['one frame', unitOf(2, frame), 'read'],
      ['two frames', unitOf(2, Buffer.concat([frame, frame])), FORMAT],
      [
        'an empty frame before it',
        unitOf(2, Buffer.concat([zstdCompressSync(Buffer.alloc(0)), frame])),
        FORMAT,
      ],
      [
        'an empty frame behind it',
        unitOf(2, Buffer.concat([frame, zstdCompressSync(Buffer.alloc(0))])),
        FORMAT,
      ],
      ['junk behind it', unitOf(2, Buffer.concat([frame, Buffer.from('junk')])), FORMAT],
      ['a skippable frame before it', unitOf(2, Buffer.concat([skippable, frame])), FORMAT],
      ['a skippable frame behind it', unitOf(2, Buffer.concat([frame, skippable])), FORMAT],
      ['half of it', unitOf(2, frame.subarray(0, frame.length - 3)), FORMAT],
      ['nothing', unitOf(2, Buffer.alloc(0)), FORMAT],
      ['a bomb', unitOf(2, zstdCompressSync(Buffer.alloc(2 ** 24))), FORMAT],
      ['a window of 8 MiB', unitOf(2, narrow, 1), 'read'],
      ['a window of 16 MiB', unitOf(2, wide, 1), FORMAT],
    ];
    expect(cases.map(([name, unit]) => [name, codeOf(unit)])).toEqual(
      cases.map(([name, , outcome]) => [name, outcome]),
    );
  });
});
