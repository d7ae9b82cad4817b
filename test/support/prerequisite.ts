import type { TestContext } from 'vitest';

/** Whether this run must not skip what it lacks: continuous integration, where everything has to be there. */
export const inCI = Boolean(process.env.CI) && process.env.CI !== 'false';

/** Whether the long tests were asked for (`SEALPIPE_SLOW=1`). */
export const slowRun = process.env.SEALPIPE_SLOW === '1';

/**
 * Begins the reason of a skip that is right even in CI: the test does not belong to this run at all (a long one in a
 * quick run, another platform, another Node). A skip with any other reason, or with none, fails the run in CI.
 */
export const NOT_THIS_RUN = 'not in this run: ';

/**
 * Ends the running test as skipped when something it needs is not on this machine, naming it; in CI it throws instead.
 *
 * @example
 * beforeEach((context) => prerequisite(context, toolPath('aws') !== undefined, 'the aws command'));
 */
export function prerequisite(
  context: Pick<TestContext, 'skip'>,
  present: boolean,
  what: string,
  mustBeThere = inCI,
): void {
  if (present) return;
  if (mustBeThere) throw new Error(`${what} is not there, and in CI it has to be`);
  context.skip(`${what} is not there`);
}

/** Ends the running test as skipped unless the long tests were asked for. */
export function onlyWhenSlow(context: Pick<TestContext, 'skip'>): void {
  if (!slowRun) context.skip(`${NOT_THIS_RUN}a long test (SEALPIPE_SLOW=1)`);
}

/** Ends the running test as skipped where it does not apply: another platform, another version of Node. */
export function onlyWhere(context: Pick<TestContext, 'skip'>, applies: boolean, why: string): void {
  if (!applies) context.skip(`${NOT_THIS_RUN}${why}`);
}
