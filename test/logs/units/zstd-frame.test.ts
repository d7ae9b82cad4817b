import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zstdFrameSize } from '../../../src/logs/units/zstd-frame.js';
import { onlyWhere } from '../../support/prerequisite.js';

type Compress = (bytes: Uint8Array, options?: object) => Buffer;
const compress = (zlib as unknown as { zstdCompressSync?: Compress }).zstdCompressSync;

describe('the end of a zstd frame', () => {
  it('is found whatever it holds, and whatever follows', (context) => {
    onlyWhere(context, compress !== undefined, 'Node has no zstd');
    const plains = [
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.alloc(255, 1),
      Buffer.alloc(256, 1),
      Buffer.alloc(300_000),
      randomBytes(131_073),
      Buffer.concat([randomBytes(140_000), Buffer.alloc(400_000, 'line\n')]),
    ];
    const checksum = { params: { [(zlib.constants as Record<string, number>)['ZSTD_c_checksumFlag']!]: 1 } };
    for (const plain of plains) {
      for (const frame of [compress!(plain), compress!(plain, checksum)]) {
        expect(zstdFrameSize(frame)).toBe(frame.length);
        expect(zstdFrameSize(Buffer.concat([frame, frame]))).toBe(frame.length);
        expect(zstdFrameSize(Buffer.concat([frame, Buffer.alloc(9)]))).toBe(frame.length);
        expect(zstdFrameSize(frame.subarray(0, -1))).toBeUndefined();
      }
    }
  });

  it('is not found in what is cut, or has a block of no known type', () => {
    const empty = Buffer.from('28b52ffd2000010000', 'hex');
    expect(zstdFrameSize(empty)).toBe(9);
    for (let cut = 4; cut < empty.length; cut++)
      expect(zstdFrameSize(empty.subarray(0, cut))).toBeUndefined();
    expect(zstdFrameSize(Buffer.from('28b52ffd2000070000', 'hex'))).toBeUndefined();
  });
});
