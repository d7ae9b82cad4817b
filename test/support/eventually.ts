import { vi } from 'vitest';

/** Waits until an assertion holds. The limit is only for what never comes: a busy machine may take seconds. */
export function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: 30_000, interval: 20 });
}
