import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { failureLines, failuresOf } from './failures.js';
import { inCI, NOT_THIS_RUN } from './prerequisite.js';

/**
 * Says at the end what did not run and why, names what failed, and closes with the counts, so that the last lines of a
 * run are enough to know it. In CI a skip for want of something fails the run.
 */
export default class RunSummary implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = cases.filter((test) => test.result().state === 'skipped');
    const reasons = new Map<string, TestCase[]>();
    for (const test of skipped) {
      const reason = reasonOf(test);
      reasons.set(reason, [...(reasons.get(reason) ?? []), test]);
    }
    for (const [reason, tests] of reasons) {
      console.log(`skipped ${tests.length}: ${reason}`);
      for (const test of tests.slice(0, 5)) console.log(`    ${test.fullName}`);
      if (tests.length > 5) console.log(`    and ${tests.length - 5} more`);
    }
    const count = (state: string) => cases.filter((test) => test.result().state === state).length;
    const failures = failuresOf(modules, unhandled);
    for (const line of failureLines(failures)) console.log(line);
    console.log(`samples of long lists: SEALPIPE_SEED=${process.env.SEALPIPE_SEED} takes the same`);
    console.log(`tests: ${count('passed')} passed, ${failures.length} failed, ${skipped.length} skipped`);
    if (inCI && wanting(reasons.keys()).length > 0) {
      console.error('In CI nothing may be skipped for want of something: see the list above.');
      process.exitCode = 1;
    }
  }
}

/** Those reasons that CI does not take: something was wanting, or nobody said what. */
export function wanting(reasons: Iterable<string>): string[] {
  return [...reasons].filter((reason) => !reason.startsWith(NOT_THIS_RUN));
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? 'no reason given';
}
