import { readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { prerequisite } from './prerequisite.js';
import { sharedPath } from './repository.js';

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
  const path = sharedPath(`vectors/${name}`);
  prerequisite(context, path !== undefined, `the vector file ${name}`);
  return JSON.parse(readFileSync(path!, 'utf8')) as VectorFile<Group>;
}
