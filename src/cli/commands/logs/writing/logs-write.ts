import type { LogEnd, LogWriter } from '../../../../logs/index.js';
import { openLogWriter } from '../../../../logs/index.js';
import { isSystemError, reason } from '../../../../system-error.js';
import type { CommandLine } from '../../../arguments/command-line.js';
import { archiveFolder } from '../../../arguments/values/archive-operand.js';
import type { Invocation } from '../../../invocation.js';
import type { Input } from '../../../io/input/input.js';
import { openInput } from '../../../io/input/input.js';
import { LogFeed } from '../../../io/jobs/log-feed.js';
import { metricsPlace } from '../../../io/metrics/metrics-place.js';
import { printText } from '../../../io/output/print-text.js';
import type { ObjectStore } from '../../../io/store/object-store.js';
import { KeyGuard } from '../../../keys/key-guard.js';
import type { SealKeys } from '../../../keys/keys-to-seal.js';
import { keysToSeal, namedKeys } from '../../../keys/keys-to-seal.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../../terminal/messages/files/files.js';
import { SEALING_HINTS } from '../../../terminal/messages/files/input-hints.js';
import { LOGS_NOTES } from '../../../terminal/messages/logs.js';
import { RUN_NOTES } from '../../../terminal/messages/runs.js';
import { printableJson } from '../../../terminal/printable.js';
import type { Terminal } from '../../../terminal/terminal.js';
import type { Command } from '../../command.js';
import { withStore } from '../../store/with-store.js';
import { writingFailure } from '../archive-reading.js';
import { LogWatch } from './log-watch.js';
import type { WriteSettings } from './write-settings.js';
import { writeSettings } from './write-settings.js';

/** `sealpipe logs write`: seals the lines of standard input. */
export const logsWriteCommand: Command = async (line, invocation) => {
  const directory = archiveFolder(line.operands[0]!, 'write');
  const settings = writeSettings(line.options);
  await withStore(line, invocation, (store) => write(line, invocation, { directory, settings, store }));
};

/** The place and the settings of an archive. */
interface Writing {
  readonly directory: string;
  readonly settings: WriteSettings;
  readonly store: ObjectStore | undefined;
}

async function write(
  { options }: CommandLine,
  invocation: Invocation,
  { directory, settings, store }: Writing,
): Promise<void> {
  const { terminal } = invocation;
  const named = namedKeys(options, invocation.env);
  const guard = await KeyGuard.for(named, invocation);
  const input = await openInput(undefined, SEALING_HINTS);
  await guard.assertApartFrom(input);
  const metrics = options.text('metrics');
  const { assertFree } = guard;
  const limits = { directory, input, assertFree };
  const place = metrics === undefined ? undefined : await metricsPlace(metrics, limits);
  if (input.isTerminal) terminal.note(RUN_NOTES.readingTerminal());
  const feed = new LogFeed(settings.drain ?? 0);
  invocation.heedSignal(feed.heed);
  invocation.divertHangUp(feed.rotate);
  const watch = new LogWatch(terminal, { directory, metrics: place, hasStore: store !== undefined });
  let sealed: SealKeys | undefined;
  let writer: LogWriter | undefined;
  let end: LogEnd;
  try {
    sealed = await keysToSeal(named, invocation);
    const keys = sealed.keys.providers;
    const { client } = store ?? {};
    writer = await openLogWriter({ ...settings, keys, directory, client, signal: feed.signal });
    watch.follow(writer);
    if (sealed.reminder !== undefined) terminal.note(sealed.reminder);
    terminal.detail(LOGS_NOTES.writing(writer.archive));
    const failure = await feed.run(input.stream(), writer);
    end = await writer.end();
    if (failure !== undefined) throw readFailure(input, failure);
    await input.assertNotCut();
  } catch (error) {
    const records = writer?.positions.durable.records ?? 0;
    if (records > 0) terminal.note(LOGS_NOTES.safe(records, directory));
    throw writingFailure(directory, feed.failureOf(error));
  } finally {
    await input.close();
    await sealed?.keys.close();
    await watch.close();
  }
  tellEnd(end, directory, terminal);
  if (options.has('json')) await printText(`${printableJson(end)}\n`);
}

function tellEnd(
  { archive, positions, dropped, notStored = [] }: LogEnd,
  directory: string,
  terminal: Terminal,
): void {
  terminal.detail(LOGS_NOTES.sealed(positions.written.records, archive));
  if (dropped > 0) terminal.note(LOGS_NOTES.dropped(dropped));
  if (notStored.length === 0) return;
  const bytes = notStored.reduce((sum, segment) => sum + segment.bytes, 0);
  terminal.note(LOGS_NOTES.leftToStore(notStored.length, bytes, directory));
}

function readFailure({ name }: Input, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(name, reason(error)), error);
}
