/*
 * node frozen-function.mjs HANDLER
 *
 * Invokes the `handler` that the module HANDLER exports as Lambda does: once for each message `{ event, slept }` of its
 * parent, which freezes this process in between, and answers when it has resolved. The clock has gone on by `slept`
 * milliseconds since the invocation before.
 */
import { pathToFileURL } from 'node:url';

let slept = 0;
const now = Date.now.bind(Date);
Date.now = () => now() + slept;

const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href);
process.on('message', async (/** @type {{ event: object, slept: number }} */ message) => {
  slept += message.slept;
  await handler(message.event);
  process.send?.('answered');
});
process.send?.('started');
