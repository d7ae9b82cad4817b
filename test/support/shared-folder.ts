import type { TestContext } from 'vitest';
import { onlyWhere, prerequisite } from './prerequisite.js';
import { sharedPath } from './repository.js';

/** Whether the run does without the folder beside the checkout, which .ci/run says aloud (`SEALPIPE_WITHOUT_SHARED=1`). */
const withoutShared = process.env.SEALPIPE_WITHOUT_SHARED === '1';

/** The path of a file of the shared folder. Where it is not there the running test ends as skipped, and fails in CI. */
export function fromShared(context: Pick<TestContext, 'skip'>, name: string): string {
  const path = sharedPath(name);
  onlyWhere(context, path !== undefined || !withoutShared, 'the folder ../shared is not there');
  prerequisite(context, path !== undefined, `../shared/${name}`);
  return path ?? '';
}
