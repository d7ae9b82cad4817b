import { describe, expect, it } from 'vitest';
import { pythonWith, toolPath } from './external-tool.js';
import { NOT_THIS_RUN, onlyWhere, prerequisite } from './prerequisite.js';
import { wanting } from './run-summary.js';

/** Stands for the context of a test: keeps the reasons for which it was skipped. */
function recorder(): { reasons: string[]; skip: never } {
  const reasons: string[] = [];
  return { reasons, skip: ((reason: string) => reasons.push(reason)) as never };
}

describe('a prerequisite', () => {
  it('that is there changes nothing', () => {
    const context = recorder();
    prerequisite(context, true, 'the aws command', true);
    expect(context.reasons).toEqual([]);
  });

  it('that is missing skips the test and is named', () => {
    const context = recorder();
    prerequisite(context, false, 'the aws command', false);
    expect(context.reasons).toEqual(['the aws command is not there']);
  });

  it('that is missing in CI fails the test', () => {
    expect(() => prerequisite(recorder(), false, 'the aws command', true)).toThrow('has to be');
  });
});

describe('a skip in CI', () => {
  it('is taken only where the test does not belong to the run', () => {
    const context = recorder();
    onlyWhere(context, false, 'only on Windows');
    expect(wanting([...context.reasons, 'the aws command is not there', 'no reason given'])).toEqual([
      'the aws command is not there',
      'no reason given',
    ]);
    expect(context.reasons).toEqual([`${NOT_THIS_RUN}only on Windows`]);
  });
});

describe('an external tool', () => {
  it('is found on PATH, or is not', () => {
    expect(toolPath('node')).toBeDefined();
    expect(toolPath('sealpipe-no-such-tool')).toBeUndefined();
    expect(pythonWith('sealpipe_no_such_module')).toBeUndefined();
  });
});
