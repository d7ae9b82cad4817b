import { describe, expect, it } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import type { FrameCase } from './cases/frame-cases.js';
import { FRAME_CASES } from './cases/frames.js';
import { FakeCipher } from './fake-cipher.js';
import { FrameForge } from './frame-forge.js';
import type { Outcome } from './replay.js';
import { said } from './replay.js';
import { atRandom, byteByByte } from './splits.js';

const AAD = Buffer.from('associated data');
const F = 4_096;

function framesOf({ layout, make }: FrameCase): Buffer {
  const [ours, theirs] = [1, 2].map((key) => new FrameForge(new FakeCipher(key), layout, F, AAD));
  return Buffer.concat(make(ours!, theirs!));
}

function open({ layout }: FrameCase, pieces: Iterable<Uint8Array>): Outcome {
  const released: Uint8Array[] = [];
  const opener = new FrameOpener(new FakeCipher(1), { layout, frameSize: F, aad: AAD }, (bytes) =>
    released.push(bytes),
  );
  try {
    for (const piece of pieces) opener.write(piece);
    opener.finish();
    return { verdict: 'success', atEnd: false, released: Buffer.concat(released) };
  } catch (error) {
    const { code, atEnd = false } = error as { code: string; atEnd?: boolean };
    return { verdict: code, atEnd, released: Buffer.concat(released) };
  }
}

describe.each(['fixed', 'record'])('the frame cases of the %s layout, with a fake cipher', (layout) => {
  const cases = FRAME_CASES.filter((frameCase) => frameCase.layout === layout);

  it.each(cases)('$name', (frameCase) => {
    const { expect: verdict, atEnd, released, name } = frameCase;
    const right = said({ verdict, atEnd, released: Buffer.concat(released) });
    const frames = framesOf(frameCase);
    expect(said(open(frameCase, [frames]))).toBe(right);
    expect(said(open(frameCase, byteByByte(frames)))).toBe(right);
    for (let time = 0; time < 20; time++) {
      expect(said(open(frameCase, atRandom(frames, `${name} ${time}`)))).toBe(right);
    }
  });
});
