import { afterEach, beforeEach, expect } from 'vitest';

/** Lets everything happen that is due: microtasks, ticks, and a few turns of the event loop. */
export async function turns(count = 4): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Makes every test of the file fail after which a rejection was unhandled or an exception uncaught. */
export function expectQuietProcess(): void {
  const noise: unknown[] = [];
  const hear = (reason: unknown): void => void noise.push(reason);
  beforeEach(() => {
    process.on('unhandledRejection', hear).on('uncaughtException', hear);
  });
  afterEach(async () => {
    await turns();
    process.off('unhandledRejection', hear).off('uncaughtException', hear);
    expect(noise.splice(0), 'unhandled rejections and uncaught exceptions').toEqual([]);
  });
}
