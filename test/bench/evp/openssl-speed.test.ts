import { describe, expect, it } from 'vitest';
import { parsedRate } from '../../../bench/evp/openssl-speed.mjs';

describe('the answer of openssl speed', () => {
  it('is read in GB/s', () =>
    expect(parsedRate('+H:65536\n+F:25:AES-256-GCM:5391865173.33\n')).toBeCloseTo(5.391865, 6));

  it.each(['', 'speed: Unrecognized flag mr', '+H:65536\n'])('%j is none', (output) =>
    expect(parsedRate(output)).toBeNaN(),
  );
});
