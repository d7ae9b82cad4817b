import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src/cli/arguments/command-line.js';
import { frameSizeOption, sizeOption } from '../../../../src/cli/arguments/values/sizes.js';
import { MAX_PLAINTEXT } from '../../../../src/limits.js';

const given = (...words: string[]) => parseCommandLine(['encrypt', 'a', ...words]).options;
const refused = (what: RegExp) => expect.objectContaining({ status: 2, what: expect.stringMatching(what) });

describe('a size on the command line', () => {
  it('is at most what a stream can hold', () => {
    expect(sizeOption(given(), 'expected-size')).toBeUndefined();
    expect(sizeOption(given('--expected-size', '0'), 'expected-size')).toBe(0);
    expect(sizeOption(given('--expected-size', `${MAX_PLAINTEXT}`), 'expected-size')).toBe(MAX_PLAINTEXT);
    const more = given('--expected-size', `${MAX_PLAINTEXT + 1}`);
    expect(() => sizeOption(more, 'expected-size')).toThrow(refused(/1 PiB/));
    expect(() => sizeOption(given('--expected-size', 'x'), 'expected-size')).toThrow(
      refused(/invalid value x/),
    );
  });

  it.each(['4K', '64KiB', '1M'])('of a frame may be %s', (size) => {
    expect(Math.log2(frameSizeOption(given('--frame-size', size))!) % 1).toBe(0);
  });

  it.each(['0', '2K', '4095', '4097', '5K', '2M'])('of a frame must not be %s', (size) => {
    expect(() => frameSizeOption(given('--frame-size', size))).toThrow(refused(/for --frame-size/));
  });

  it('of a frame may be absent', () => expect(frameSizeOption(given())).toBeUndefined());
});
