import { stripVTControlCharacters } from 'node:util';
import type { SerializedError } from 'vitest';
import type { TestModule } from 'vitest/node';

/** Something that failed a run: a test, a hook around tests, a file that did not load, or an error outside all tests. */
export interface Failure {
  /** The full name of the test or the suite, or what else failed. */
  readonly name: string;
  /** The file of tests, from the root of the repository. */
  readonly file: string;
  readonly message: string;
}

/** How many failures are shown, and how many characters of each message. */
export interface FailureLimits {
  readonly failures: number;
  readonly characters: number;
}

const LIMITS: FailureLimits = { failures: 30, characters: 600 };

/** Everything that failed a run, in the order of its files. */
export function failuresOf(
  modules: Iterable<TestModule>,
  unhandled: readonly SerializedError[] = [],
): Failure[] {
  const found: Failure[] = [];
  for (const module of modules) {
    const file = module.relativeModuleId;
    const add = (name: string, errors: readonly SerializedError[]) =>
      found.push({ name, file, message: errors.map(messageOf).join('\n') });
    if (module.errors().length > 0) add('(the file did not load, or a hook of it failed)', module.errors());
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) add(`${suite.fullName} (a hook failed)`, suite.errors());
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'failed') add(test.fullName, result.errors);
    }
  }
  for (const error of unhandled) {
    const file = String(error['VITEST_TEST_PATH'] ?? '(no file)');
    found.push({ name: '(an error outside all tests)', file, message: messageOf(error) });
  }
  return found;
}

/** Failures as lines to print, bounded in number and length. */
export function failureLines(failures: readonly Failure[], limits = LIMITS): string[] {
  const shown = failures.slice(0, limits.failures).flatMap(({ name, file, message }) => {
    const start = message.slice(0, limits.characters);
    const lines = start.split('\n').map((line) => `    ${line}`);
    return [`FAILED ${file} > ${name}`, ...lines, ...(start === message ? [] : ['    …'])];
  });
  const more = failures.length - limits.failures;
  return more > 0 ? [...shown, `and ${more} more failed`] : shown;
}

/** Where an error was thrown comes first, so that it is seen however long the message is. */
function messageOf(error: SerializedError): string {
  const place = error.stacks?.[0];
  const text = stripVTControlCharacters(`${error.name ?? 'Error'}: ${error.message}`);
  return place === undefined ? text : `at ${place.file}:${place.line}\n${text}`;
}
