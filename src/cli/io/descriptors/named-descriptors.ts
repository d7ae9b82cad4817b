import { isInherited } from './inherited-descriptors.js';

const NAME = /\/(?:dev|proc\/self)\/fd\/([0-9]{1,3})(?![0-9])/g;

/**
 * The descriptors that words name, in the form that shells use for `<(…)`: `/dev/fd/63`, `/proc/self/fd/12`. Node
 * passes some inherited descriptors to a child and closes others, but a program needs those in its arguments.
 * Descriptors that the command was not started with are not passed on.
 */
export function namedDescriptors(words: readonly string[]): number[] {
  const named = words.flatMap((word) => [...word.matchAll(NAME)].map(([, digits]) => Number(digits)));
  return [...new Set(named)].filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

/**
 * The descriptor that a path names, for reading or writing.
 *
 * @throws an error of the system if the command was not started with it, because it does not belong to the user
 */
export function inherited(descriptor: number, path: string): number {
  if (isInherited(descriptor)) return descriptor;
  const message = `ENOENT: no such file or directory, open '${path}'`;
  throw Object.assign(new Error(message), { code: 'ENOENT', syscall: 'open', path });
}
