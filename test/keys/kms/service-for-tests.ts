import { afterEach, beforeEach } from 'vitest';
import type { FakeService } from './fake-service.js';
import { startFakeService } from './fake-service.js';

/** A fake KMS service of each test's own. */
export function serviceForTests(): () => FakeService {
  let service: FakeService | undefined;
  beforeEach(async () => {
    service = await startFakeService();
  });
  afterEach(() => service?.close());
  return () => service!;
}

/** What an error says to people: what happened, and what to do. */
export function told({ message, hint }: Error & { readonly hint?: unknown }): string {
  return hint === undefined ? message : `${message}. ${String(hint)}`;
}

/** What a promise rejects with; a failure of the test where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const error = await promise.then(
    () => new Error('it resolved'),
    (reason: unknown) => reason,
  );
  return error as Error & Record<string, unknown>;
}
