// A program that logs through pino into an archive, and ends in the way that it is told.
import pino from 'pino';

const { mode, directory, key, from = 0, count = 3_000 } = JSON.parse(String(process.argv[2]));

// Before the transport, whose own listener ends it.
process.once('exit', () => {
  if (mode !== 'idle') logger.info({ n: from + count }, 'in exit');
});
const options = {
  target: 'sealpipe/pino',
  options: { directory, key, context: { app: 'shop' }, flush: { interval: 86_400_000 } },
  sync: mode === 'sync',
};
const transport = pino.transport(options);
const logger = pino(transport);
for (let n = from; n < from + count; n++) logger.info({ n, nested: { text: 'é€😀' } }, 'logged');

if (mode === 'exit') process.exit(7);
if (mode === 'throw') throw new Error('nobody catches this');
if (mode === 'killed' || mode === 'idle') {
  logger.flush((error) => {
    console.log(error ?? 'flushed');
    // Nothing of what follows is acknowledged.
    if (mode === 'killed') setInterval(() => logger.info('and more'), 10);
  });
}
