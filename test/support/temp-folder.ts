import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A fresh folder below the system's temporary one; whoever asks removes it. */
export async function makeTempFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'sealpipe-test-')));
}

/** A fresh folder that is removed when the running test is over. */
export async function tempFolder(): Promise<string> {
  const folder = await makeTempFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
