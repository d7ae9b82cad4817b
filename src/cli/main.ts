#!/usr/bin/env node
// First, because it lists the open descriptors before anything here opens more.
import './io/descriptors/inherited-descriptors.js';
import { leftovers } from '../files/replace-file/leftovers.js';
import { Interruption } from './interruption.js';
import { run } from './run.js';
import { CommandError, EXIT } from './terminal/command-error.js';
import { RUN_TROUBLE } from './terminal/messages/runs.js';
import { Terminal } from './terminal/terminal.js';

const env = { ...process.env };
const terminal = new Terminal(process.stderr, env);
const interruption = new Interruption(leftovers.remove);
// Until success is known.
process.exitCode = EXIT.other;
process.on('exit', leftovers.remove);
const neverSettled = () => {
  const failure = new CommandError(EXIT.other, RUN_TROUBLE.neverSettled());
  if (interruption.received === undefined) terminal.fail(failure, failure);
};
process.once('beforeExit', neverSettled);
void run(process.argv.slice(2), {
  env,
  signal: interruption.signal,
  heedSignal: (heed) => interruption.heed(heed),
  mayTake: (milliseconds) => interruption.allow(milliseconds),
  divertHangUp: (listener) => interruption.divertHangUp(listener),
  terminal,
  // Read once, before anything else runs: asking for the umask sets it for a moment.
  newFileMode: 0o666 & ~process.umask(),
}).then((status) => {
  process.off('beforeExit', neverSettled);
  // Never process.exit(), because standard output may not have drained.
  process.exitCode = status;
});
