import { join } from 'node:path';
import { OWN_LIBRARY, pythonPath } from '../../support/external-tool.js';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';
import type { Place } from './command.js';
import { MAIN } from './command.js';

/**
 * What a descriptor can be: `nowait` is a pipe that does not wait, `reset` a connection that breaks off after the data,
 * `hangup` a terminal that is closed after them, `null-rw` /dev/null opened for both directions.
 */
export type Kind =
  | 'stream'
  | 'packet'
  | 'datagram'
  | 'reset'
  | 'hangup'
  | 'pipe'
  | 'nowait'
  | 'file'
  | 'null'
  | 'null-rw'
  | 'closed';

/** How the command ended, and what came out of its descriptors. */
export interface Came {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
}

export const python = pythonPath();

/** Runs the command with standard descriptors of these kinds; `data` goes into the first. */
export async function runWith(
  kinds: readonly [Kind, Kind, Kind?],
  words: readonly string[],
  { folder, env }: Place,
  data: Uint8Array = Buffer.alloc(0),
): Promise<Came> {
  const script = join(repositoryRoot, 'test/cli/support/descriptors.py');
  const [stdin, stdout, stderr = 'pipe'] = kinds;
  const base64 = Buffer.from(data).toString('base64');
  const line = [...OWN_LIBRARY, script, stdin, stdout, stderr, base64, process.execPath, MAIN, ...words];
  const { status, stdout: said, stderr: why } = await runProcess(python!, line, { cwd: folder, env });
  if (status !== 0) throw new Error(`descriptors.py: ${why}`);
  const { out, ...rest } = JSON.parse(said) as { status: number; out: string; err: string };
  return { ...rest, out: Buffer.from(out, 'base64') };
}
