import { isInherited } from './inherited-descriptors.js';

const NAME = /\/(?:dev|proc\/self)\/fd\/([0-9]{1,3})(?![0-9])/g;

/**
 * The descriptors that words name, as the shells write them for `<(…)`: `/dev/fd/63`, `/proc/self/fd/12`. Node hands a
 * child some of those that it was given and closes others; a program that is told of one needs it. Those that the command
 * was not started with are not its to hand on.
 */
export function namedDescriptors(words: readonly string[]): number[] {
  const named = words.flatMap((word) => [...word.matchAll(NAME)].map(([, digits]) => Number(digits)));
  return [...new Set(named)].filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

/**
 * A descriptor that a path names, for what reads or writes it.
 *
 * @throws an error of the system where the command was not started with it: what is there now is none of the user's
 */
export function inherited(descriptor: number, path: string): number {
  if (isInherited(descriptor)) return descriptor;
  const message = `ENOENT: no such file or directory, open '${path}'`;
  throw Object.assign(new Error(message), { code: 'ENOENT', syscall: 'open', path });
}
