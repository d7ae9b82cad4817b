// @ts-check
/*
 * Diagnostics: what streams and key calls do, for metrics and traces, over node:diagnostics_channel. The messages hold
 * no key, no plaintext and no value of an encryption context. Without subscribers, no message is made.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { decrypt, encrypt, rawKey } from 'sealpipe';

/** @import { KeyMessage, StreamMessage } from 'sealpipe' */

/** @type {string[]} */
const events = [];
/** @param {unknown} message */
const onStream = (message) => {
  const { event, direction, suite, engine, bytesIn, bytesOut } = /** @type {StreamMessage} */ (message);
  events.push(`${direction} ${event}`);
  console.log(
    `stream ${direction} ${event}: ${suite} by ${engine}, ${bytesIn} bytes in, ${bytesOut} bytes out`,
  );
};
subscribe('sealpipe:stream', onStream);

/** @type {import('node:diagnostics_channel').TracingChannel<KeyMessage, KeyMessage>} */
const keyCalls = tracingChannel('sealpipe:key');
/** @type {WeakMap<KeyMessage, number>} */
const started = new WeakMap();
const onKey = {
  start: (/** @type {KeyMessage} */ call) => void started.set(call, performance.now()),
  end: () => {},
  asyncStart: () => {},
  asyncEnd: (/** @type {KeyMessage} */ call) => {
    const took = performance.now() - (started.get(call) ?? 0);
    events.push(call.operation);
    console.log(`key ${call.operation} of ${call.provider}: ${took.toFixed(1)} ms`);
  },
  error: (/** @type {KeyMessage & { error: unknown }} */ { error }) =>
    console.log(`key call failed: ${error}`),
};
keyCalls.subscribe(onKey);

const keys = rawKey({ name: 'metrics', key: randomBytes(32) });
const sealed = await encrypt('hello', { keys });
await decrypt(sealed, { keys });
await assert.rejects(decrypt(sealed.subarray(0, -1), { keys }));

unsubscribe('sealpipe:stream', onStream);
keyCalls.unsubscribe(onKey);
assert.deepEqual(events, [
  ...['generate', 'encrypt start', 'encrypt end'],
  ...['unwrap', 'decrypt start', 'decrypt end'],
  ...['unwrap', 'decrypt start', 'decrypt error'],
]);
