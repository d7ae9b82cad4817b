import { fstatSync } from 'node:fs';

const NAME = /\/(?:dev|proc\/self)\/fd\/([0-9]{1,3})(?![0-9])/g;

/**
 * The open descriptors that words name, as the shells write them for `<(…)`: `/dev/fd/63`, `/proc/self/fd/12`. Node
 * hands a child some of those that it was given and closes others; a program that is told of one needs it.
 */
export function namedDescriptors(words: readonly string[]): number[] {
  const named = words.flatMap((word) => [...word.matchAll(NAME)].map(([, digits]) => Number(digits)));
  return [...new Set(named)].filter((descriptor) => descriptor > 2 && isOpen(descriptor));
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
