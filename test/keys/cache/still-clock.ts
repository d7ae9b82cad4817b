import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Stops the clock by which streams may share a call, in every test of the file: those that open share one only within
 * 100 ms, which a busy machine exceeds.
 */
export function stopClock(): void {
  let clock: MockInstance<() => number> | undefined;
  beforeEach(() => {
    clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  });
  afterEach(() => clock?.mockRestore());
}
