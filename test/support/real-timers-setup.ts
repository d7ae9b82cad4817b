import { afterAll, expect, vi } from 'vitest';
import { keepRealTimers, restoreRealTimers } from './real-timers.js';

// Runs around every file of tests. The files of one worker share its clock: with a fake one, later files wait forever.
keepRealTimers();

afterAll(() => {
  const isFake = vi.isFakeTimers();
  if (isFake) vi.useRealTimers();
  // Vitest does the same after this. A spy that was made on a fake clock puts the fake one back.
  vi.restoreAllMocks();
  const changed = restoreRealTimers();
  if (!isFake && changed.length === 0) return;
  const what = isFake ? 'vi.useFakeTimers() without vi.useRealTimers()' : changed.join(', ');
  throw new Error(`${expect.getState().testPath} leaves a fake clock to later files: ${what}`);
});
