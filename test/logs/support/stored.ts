import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FileSystem } from '../../../src/file-system.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import type { Processes } from '../../../src/logs/archive/lock/process-identity.js';
import { systemProcesses } from '../../../src/logs/archive/lock/process-identity.js';
import type { LogMessage } from '../../../src/logs/writer/log-diagnostics.js';
import type { LogWriter } from '../../../src/logs/writer/log-writer.js';
import { openOn } from '../../../src/logs/writer/open-log-writer.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import { logSettings } from '../../../src/logs/writer/options/log-options.js';
import type { UploadPacing } from '../../../src/logs/writer/spool/spool.js';
import type { DiskState } from '../../support/crash/operations.js';
import { currentOf, slice } from '../../support/s3/fake/state.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, textOf } from './archive-contents.js';

/** As uploads are tried again, but as fast as a test can bear. */
export const FAST: UploadPacing = {
  pace: { tries: 2, firstPause: 1, longestPause: 4, stallAfter: 20_000 },
  first: 2,
  longest: 10,
  cleanUp: 1_000,
};

/** Milliseconds for uploads at the end of a writer. Only a failure uses them up. */
const DRAIN = 60_000;

/** A writer whose segments go to the fake, under the prefix `logs/`. */
export function openStoring(
  here: FakeForTests,
  directory: string,
  options: Partial<LogWriterOptions> = {},
  {
    files = systemFiles,
    processes = systemProcesses(),
    pacing = FAST,
  }: { files?: FileSystem; processes?: Processes; pacing?: UploadPacing } = {},
): Promise<LogWriter> {
  const store = `s3://${here.bucket}/logs`;
  const always = { keys, engine: 'node', store, client: here.client, drain: DRAIN } as const;
  const settings = logSettings({ ...always, ...options, directory });
  return openOn({ files, processes }, settings, pacing);
}

/** The objects of the fake: as the files of a folder of archives would be. */
export function objectsIn({ fake, bucket }: FakeForTests): Map<string, Buffer> {
  const { keys: all } = fake.world.bucket(bucket);
  const found = new Map<string, Buffer>();
  for (const key of [...all.keys()].sort()) {
    const version = currentOf(fake.world.bucket(bucket), key);
    if (version !== undefined) found.set(key, Buffer.concat(slice(version.pieces, 0, version.size)));
  }
  return found;
}

/** What all archives in the fake hold, whose segments must be chained. */
export function contentsIn(here: FakeForTests): ReturnType<typeof contentsOf> {
  const named = [...objectsIn(here)].map(([key, bytes]) => [`${key}.open`, bytes] as const);
  return contentsOf(new Map(named) as DiskState);
}

/** The lines of them. */
export async function linesIn(here: FakeForTests): Promise<string[]> {
  return textOf(await contentsIn(here));
}

/** The segments of an archive that are in its folder. */
export function segmentsIn(directory: string, { archive }: Pick<LogWriter, 'archive'>): string[] {
  return readdirSync(join(directory, archive)).filter((name) => /\.(?:open|sealed)$/.test(name));
}

/** Bytes of segments in a folder. */
export function bytesIn(directory: string, writer: Pick<LogWriter, 'archive'>): number {
  const sizes = segmentsIn(directory, writer).map(
    (name) => statSync(join(directory, writer.archive, name)).size,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What `sealpipe:logs` says from now on, until the test ends. */
export function heardOnLogs(): LogMessage[] {
  const heard: LogMessage[] = [];
  const listener = (message: unknown) => void heard.push(message as LogMessage);
  subscribe('sealpipe:logs', listener);
  onTestFinished(() => void unsubscribe('sealpipe:logs', listener));
  return heard;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
