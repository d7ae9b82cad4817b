#!/usr/bin/env node
// First of all: it looks at what is open before anything here opens more.
import './files/inherited-descriptors.js';
import { leftovers } from './files/leftovers.js';
import { Interruption } from './interruption.js';
import { run } from './run.js';
import { EXIT, Failure } from './say/failure.js';
import { Voice } from './say/voice.js';
import { TROUBLE } from './say/words.js';

const env = { ...process.env };
const voice = new Voice(process.stderr, env);
const interruption = new Interruption(leftovers.remove);
// Until it is known that all went well.
process.exitCode = EXIT.other;
process.on('exit', leftovers.remove);
const neverSettled = () => {
  const failure = new Failure(EXIT.other, TROUBLE.neverSettled());
  if (interruption.received === undefined) voice.fail(failure.words, failure);
};
process.once('beforeExit', neverSettled);
void run(process.argv.slice(2), {
  env,
  signal: interruption.signal,
  heedSignal: (heed) => interruption.heed(heed),
  voice,
  // Read once, before anything else runs: asking for the umask sets it for a moment.
  newFileMode: 0o666 & ~process.umask(),
}).then((status) => {
  process.off('beforeExit', neverSettled);
  // Never process.exit(): standard output may not have drained.
  process.exitCode = status;
});
