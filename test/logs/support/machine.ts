import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../../src/file-system.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import type { Processes } from '../../../src/logs/archive/lock/process-identity.js';
import { systemProcesses } from '../../../src/logs/archive/lock/process-identity.js';
import { openOn } from '../../../src/logs/writer/open-log-writer.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import { logSettings } from '../../../src/logs/writer/options/log-options.js';
import type { RunningWriter } from '../../../src/logs/writer/running-writer.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';

/** Opens a writer on these files, with the engine that the nonce recorder sees. */
export function openWriter(
  directory: string,
  options: Partial<LogWriterOptions> = {},
  files: FileSystem = systemFiles,
  processes: Processes = systemProcesses(),
): Promise<RunningWriter> {
  const settings = logSettings({ keys, engine: 'node', ...options, directory });
  return openOn({ files, processes }, settings);
}

let boots = 0;

/** The processes of a machine that has just been started: those of before are gone. */
export function rebooted(): Processes {
  const own = { host: 'machine', boot: String(boots++), pid: 100, started: '1' };
  return { own, isGone: ({ host, boot }) => host === own.host && boot !== own.boot };
}

/** A folder with an archive of one whole segment of two lines. */
export async function written(): Promise<{ directory: string; folder: string; segment: string }> {
  const directory = await tempFolder();
  const writer = await openWriter(directory, { compress: false });
  writer.append('one');
  await writer.flush();
  writer.append('two');
  await writer.end();
  const folder = join(directory, writer.archive);
  const segment = readdirSync(folder).find((name) => name.endsWith('.sealed'))!;
  return { directory, folder, segment };
}
