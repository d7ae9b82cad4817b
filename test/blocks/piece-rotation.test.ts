import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameBlock } from '../../src/blocks/frame-block.js';
import type { PieceTransport, PieceWork } from '../../src/blocks/piece-rotation.js';
import { rotatePieces } from '../../src/blocks/piece-rotation.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';

expectQuietProcess();

const F = 8;
const PACKET = 6;
const never = new AbortController().signal;
const mine = new Error('mine');
const other = new Error('other');
const FIRST = Buffer.from('first');

/** Turns every byte where it lies. Of what it is told, it checks what the rotation promises. */
function turning(fault?: { readonly frame: number; readonly error: Error }) {
  const sizes: number[] = [];
  let [taken, worked, frames] = [0, 0, 0];
  const work: PieceWork = {
    frameSize: F,
    inputSize: F,
    inputViews: ({ bodies }: FrameBlock) => bodies,
    take(length) {
      taken += length;
    },
    async process({ bodies }, done, length, isLast, ready) {
      if (!isLast) expect([length % F, length > done * F]).toEqual([0, true]);
      sizes.push(length - done * F);
      worked += length - done * F;
      for (let i = done; i * F < length; i++) {
        const body = bodies[i]!.subarray(0, Math.min(F, length - i * F));
        for (let at = 0; at < body.length; at++) body[at]! ^= 0xff;
        if (frames++ === fault?.frame) throw fault.error;
        ready(body);
      }
    },
  };
  return { work, sizes, counts: () => ({ taken, worked }) };
}

/** A pipe in packet mode: what a read has no room for is lost. */
class PacketPipe implements PieceTransport {
  readonly holds: number;
  readonly packet = PACKET;
  readonly memory = new Set<ArrayBufferLike>();
  readonly written: Buffer[] = [];
  readonly failures: unknown[] = [];
  readonly #packets: Uint8Array[];
  /** What a read or a write waits for. */
  gate: (what: 'read' | 'write') => Promise<void> = async () => undefined;

  constructor(packets: Uint8Array[], holds = 3 * F) {
    this.#packets = packets;
    this.holds = holds;
  }

  readonly read = async (views: readonly Uint8Array[]): Promise<number> => {
    for (const { buffer } of views) this.memory.add(buffer);
    await this.gate('read');
    const packet = this.#packets.shift() ?? new Uint8Array(0);
    let at = 0;
    for (const view of views) {
      const piece = packet.subarray(at, at + view.length);
      view.set(piece);
      at += piece.length;
    }
    return at;
  };

  readonly write = async (views: readonly Uint8Array[]): Promise<void> => {
    await this.gate('write');
    // As late as a system may look.
    await turns(1);
    this.written.push(Buffer.concat(views));
  };

  readonly failed = (error: unknown): void => void this.failures.push(error);

  get isWiped(): boolean {
    return [...this.memory].every((buffer) => !Buffer.from(buffer).some((byte) => byte !== 0));
  }
}

function packetsOf(content: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0, i = 0; at < content.length; i++) {
    const size = sizes[i % sizes.length]!;
    packets.push(content.subarray(at, at + size));
    at += size;
  }
  return packets;
}

const turned = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ 0xff));

describe('a rotation of pieces', () => {
  it('gives everything in its order, whatever pieces come, and loses nothing of a packet', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.array(fc.integer({ min: 1, max: PACKET }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (length, sizes, holds) => {
          const content = patterned(length);
          const pipe = new PacketPipe(packetsOf(content, sizes), holds);
          const { work, counts } = turning();
          await rotatePieces(work, pipe, FIRST, never);
          expect(Buffer.concat(pipe.written).equals(Buffer.concat([FIRST, turned(content)]))).toBe(true);
          expect(counts()).toEqual({ taken: length, worked: length });
          expect(pipe.isWiped).toBe(true);
        },
      ),
    ));

  it('gives every whole frame before it waits for more', async () => {
    const pipe = new PacketPipe([patterned(5), patterned(5), patterned(6)]);
    const { work, sizes } = turning();
    let reads = 0;
    const seen: number[] = [];
    pipe.gate = async (what) => {
      if (what === 'write') return;
      seen.push(Buffer.concat(pipe.written).length - FIRST.length);
      if (++reads > 1) await turns(4);
      seen.push(Buffer.concat(pipe.written).length - FIRST.length);
    };
    await rotatePieces(work, pipe, FIRST, never);
    expect(sizes).toEqual([8, 8, 0]);
    expect(seen.slice(-4)).toEqual([0, 8, 8, 16]);
  });

  it('has two blocks and what a packet needs beside them, and no more', async () => {
    const pipe = new PacketPipe(packetsOf(patterned(1_000), [5]));
    await rotatePieces(turning().work, pipe, FIRST, never);
    expect(pipe.memory.size).toBe(3);
  });
});

describe('a rotation of pieces that fails', () => {
  it('writes what was ready when the work fails, and nothing more', async () => {
    const content = patterned(100);
    const pipe = new PacketPipe([content.subarray(0, 20), content.subarray(20)], 100);
    const { work } = turning({ frame: 1, error: mine });
    await expect(rotatePieces(work, pipe, FIRST, never)).rejects.toBe(mine);
    expect(Buffer.concat(pipe.written).equals(Buffer.concat([FIRST, turned(content.subarray(0, 8))]))).toBe(
      true,
    );
    expect(pipe.isWiped).toBe(true);
  });

  it('waits for the write under way when a read fails', async () => {
    const pipe = new PacketPipe([patterned(F)]);
    let over = false;
    let open: () => void = () => undefined;
    let reads = 0;
    pipe.gate = async (what) => {
      if (what === 'read' && reads++ > 0) throw mine;
      if (what === 'write') await new Promise<void>((resolve) => (open = resolve));
    };
    const done = rotatePieces(turning().work, pipe, FIRST, never).finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    await turns(4);
    expect(over).toBe(false);
    open();
    await turns(4);
    expect([over, pipe.isWiped]).toEqual([false, false]);
    open();
    await expect(done).rejects.toBe(mine);
    expect(Buffer.concat(pipe.written).equals(Buffer.concat([FIRST, turned(patterned(F))]))).toBe(true);
    expect(pipe.isWiped).toBe(true);
  });

  it('reports a write that fails while the source is silent', async () => {
    const pipe = new PacketPipe([patterned(F)]);
    let giveUp: (why: unknown) => void = () => undefined;
    let [reads, writes] = [0, 0];
    pipe.gate = async (what) => {
      if (what === 'write' && writes++ > 0) throw mine;
      if (what === 'read' && reads++ > 0) await new Promise((_, reject) => (giveUp = reject));
    };
    const done = rotatePieces(turning().work, pipe, FIRST, never);
    done.catch(() => undefined);
    await turns(6);
    expect(pipe.failures).toEqual([mine]);
    giveUp(other);
    await expect(done).rejects.toBe(other);
    expect(pipe.isWiped).toBe(true);
  });

  it.each([
    ['a write under way', 1],
    ['a write of what was ready', 2],
  ])('has the error of its work, which came before that of %s', async (_, fails) => {
    const pipe = new PacketPipe([patterned(F), patterned(2 * F)], 100);
    let writes = 0;
    pipe.gate = async (what) => {
      if (what === 'read') return;
      const at = writes++;
      await turns(2);
      if (at === fails) throw other;
    };
    await expect(rotatePieces(turning({ frame: 2, error: mine }).work, pipe, FIRST, never)).rejects.toBe(
      mine,
    );
    expect([pipe.failures, writes, pipe.isWiped]).toEqual([[], fails + 1, true]);
  });

  it('has the error of a read, which came before that of a write', async () => {
    const pipe = new PacketPipe([patterned(F)]);
    let [reads, writes] = [0, 0];
    pipe.gate = async (what) => {
      if (what === 'read' && reads++ > 0) throw mine;
      if (what === 'write' && writes++ > 0) {
        await turns(3);
        throw other;
      }
    };
    await expect(rotatePieces(turning().work, pipe, FIRST, never)).rejects.toBe(mine);
    expect([pipe.failures, writes, pipe.isWiped]).toEqual([[], 2, true]);
  });

  it('has the error of its last write', async () => {
    const pipe = new PacketPipe([patterned(3)]);
    let writes = 0;
    pipe.gate = async (what) => {
      if (what === 'write' && writes++ > 0) throw mine;
    };
    await expect(rotatePieces(turning().work, pipe, FIRST, never)).rejects.toBe(mine);
    expect([Buffer.concat(pipe.written).equals(FIRST), writes, pipe.isWiped]).toEqual([true, 2, true]);
  });

  it('stops at its next step when it is told to, and works on nothing more', async () => {
    const stopping = new AbortController();
    const pipe = new PacketPipe([patterned(F), patterned(F)]);
    let reads = 0;
    pipe.gate = async (what) => {
      if (what === 'read' && reads++ > 0) stopping.abort(mine);
    };
    const { work, sizes } = turning();
    await expect(rotatePieces(work, pipe, FIRST, stopping.signal)).rejects.toBe(mine);
    expect([sizes, pipe.isWiped]).toEqual([[8], true]);
  });
});
