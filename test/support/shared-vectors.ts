import { readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { fromShared } from './shared-folder.js';

/** A file of public test vectors. */
export interface VectorFile<Group> {
  readonly testGroups: readonly Group[];
}

/**
 * Reads a file of the shared folder's vectors. Where it is not there the running test ends as skipped, and fails in CI.
 *
 * @param name such as `aes_gcm_test.json`
 */
export function sharedVectors<Group>(context: Pick<TestContext, 'skip'>, name: string): VectorFile<Group> {
  return JSON.parse(readFileSync(fromShared(context, `vectors/${name}`), 'utf8')) as VectorFile<Group>;
}
