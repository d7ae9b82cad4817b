#!/usr/bin/env node
// First of all: it looks at what is open before anything here opens more.
import './files/inherited-descriptors.js';
import { leftovers } from './files/leftovers.js';
import { Interruption } from './interruption.js';
import { run } from './run.js';
import { Voice } from './say/voice.js';

const env = { ...process.env };
const interruption = new Interruption(leftovers.remove);
process.on('exit', leftovers.remove);
void run(process.argv.slice(2), {
  env,
  signal: interruption.signal,
  voice: new Voice(process.stderr, env),
  // Read once, before anything else runs: asking for the umask sets it for a moment.
  newFileMode: 0o666 & ~process.umask(),
}).then((status) => {
  // Never process.exit(): standard output may not have drained.
  process.exitCode = status;
});
