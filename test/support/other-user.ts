import type { TestContext } from 'vitest';
import { onlyWhere } from './prerequisite.js';
import { runProcess } from './run-process.js';

/** A user who is in no list of users, as in many containers. */
export const NOBODY_KNOWN = 54_321;

/** Ends the running test as skipped unless a child can run as someone else, and read `path` as such. */
export async function onlyWhereOthersRead(context: Pick<TestContext, 'skip'>, path: string): Promise<void> {
  onlyWhere(context, process.getuid?.() === 0, 'only root can become another user');
  const script = `process.setuid(${NOBODY_KNOWN}); require('fs').accessSync(${JSON.stringify(path)})`;
  const { status } = await runProcess(process.execPath, ['--eval', script]);
  onlyWhere(context, status === 0, 'the build is hidden from other users');
}

/** An environment with nothing in it but these. */
export function bareEnvironment(
  own: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  return { ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...own };
}
