import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runProcess } from './run-process.js';
import { tempFolder } from './temp-folder.js';

/** Both ends of a pipe, which wait. */
export interface SystemPipe {
  readonly path: string;
  readonly reader: number;
  readonly writer: number;
  /** Closes one end, once. */
  end(descriptor: number): void;
}

/** A pipe of the system, whose ends are closed when the running test is over. Node has no call that makes one. */
export async function systemPipe(): Promise<SystemPipe> {
  const path = join(await tempFolder(), 'pipe');
  await runProcess('mkfifo', [path]);
  // This one lets both others be opened without waiting.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const open = new Set([openSync(path, 'r'), openSync(path, 'w')]);
  closeSync(both);
  const [reader, writer] = [...open] as [number, number];
  const end = (descriptor: number): void => {
    if (open.delete(descriptor)) closeSync(descriptor);
  };
  onTestFinished(() => [...open].forEach(end));
  return { path, reader, writer, end };
}
