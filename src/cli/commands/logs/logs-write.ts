import type { LogEnd, LogWriter } from '../../../logs/index.js';
import { openLogWriter } from '../../../logs/index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { archiveFolder } from '../../arguments/values/archive-operand.js';
import type { Input } from '../../io/input/input.js';
import { openInput } from '../../io/input/input.js';
import { LogFeed } from '../../io/jobs/log-feed.js';
import { metricsPlace } from '../../io/metrics/metrics-place.js';
import { printText } from '../../io/output/print-text.js';
import { KeyGuard } from '../../keys/key-guard.js';
import type { SealKeys } from '../../keys/keys-to-seal.js';
import { keysToSeal, namedKeys } from '../../keys/keys-to-seal.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files.js';
import { SEALING_HINTS } from '../../terminal/messages/input-hints.js';
import { LOGS_NOTES } from '../../terminal/messages/logs.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { writingFailure } from './archive-reading.js';
import { LogWatch } from './log-watch.js';
import { writeSettings } from './write-settings.js';

/** `sealpipe logs write`: seals the lines of standard input. */
export const logsWriteCommand: Command = async ({ options, operands }, invocation) => {
  const { terminal } = invocation;
  const directory = archiveFolder(operands[0]!, 'write');
  const settings = writeSettings(options);
  const named = namedKeys(options, invocation.env);
  const guard = await KeyGuard.for(named, invocation);
  const input = await openInput(undefined, SEALING_HINTS);
  await guard.assertApartFrom(input);
  const metrics = options.text('metrics');
  const { assertFree } = guard;
  const place = metrics && (await metricsPlace(metrics, { directory, input, assertFree }));
  if (input.isTerminal) terminal.note(RUN_NOTES.readingTerminal());
  const feed = new LogFeed();
  invocation.heedSignal(feed.heed);
  invocation.divertHangUp(feed.rotate);
  const watch = new LogWatch(terminal, { directory, metrics: place, hasStore: false });
  let sealed: SealKeys | undefined;
  let writer: LogWriter | undefined;
  let end: LogEnd;
  try {
    sealed = await keysToSeal(named, invocation);
    const keys = sealed.keys.providers;
    writer = await openLogWriter({ ...settings, keys, directory, signal: feed.signal });
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
  terminal.detail(LOGS_NOTES.sealed(end.positions.written.records, end.archive));
  if (end.dropped > 0) terminal.note(LOGS_NOTES.dropped(end.dropped));
  if (options.has('json')) await printText(`${printableJson(end)}\n`);
};

function readFailure({ name }: Input, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(name, reason(error)), error);
}
