import type { CrashState } from './crash-states.js';
import { inodesOf } from './crash-states.js';
import type { DiskState, Operation } from './operations.js';
import { changeContent, changeNames } from './operations.js';

/**
 * What a process that is killed leaves of a file system after each prefix of the operations: the system has all of them,
 * synced or not.
 */
export function* killStates(initial: DiskState, operations: readonly Operation[]): Generator<CrashState> {
  const { names, contents } = inodesOf(initial);
  const contentOf = (inode: number): Buffer => contents.get(inode) ?? Buffer.alloc(0);
  for (let after = 0; ; after++) {
    yield { after, disk: new Map([...names].map(([path, inode]) => [path, contentOf(inode)])) };
    const operation = operations[after];
    if (operation === undefined) return;
    changeNames(names, operation);
    if (operation.kind !== 'write' && operation.kind !== 'truncate') continue;
    contents.set(operation.inode, changeContent(contentOf(operation.inode), operation));
  }
}
