import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { keyFrom } from '../../../src/keys/key-from.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { makeTempFolder } from '../../support/temp-folder.js';

/** Where a transport writes, and with which key: its options. */
export interface Place {
  readonly directory: string;
  readonly key: string;
}

/** A line as pino writes it. */
export interface Logged {
  readonly msg: string;
  readonly n?: number;
  readonly nested?: { readonly text: string };
}

/** A place of its own for one test, with nothing in it. */
export async function place({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<Place> {
  const folder = await makeTempFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'key');
  await writeFile(file, '0f'.repeat(32), { mode: 0o600 });
  return { directory: join(folder, 'archive'), key: `file:${file}` };
}

/** What the archive in a place holds, whole and in order. */
export async function logged({ directory, key }: Place): Promise<Logged[]> {
  await using keys = await keyFrom(key);
  const reader = await openLogReader({ keys, directory });
  const lines: Logged[] = [];
  for await (const { line } of reader) lines.push(JSON.parse(line.toString()));
  return lines;
}

/** The numbers from 0 on. */
export const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
