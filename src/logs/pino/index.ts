/**
 * A log archive behind pino: `pino.transport({ target: 'sealpipe/pino', options })` seals what a logger writes, in a
 * thread of its own.
 *
 * @module sealpipe/pino
 */

export { default } from './open-transport.js';
export type { PinoTransportOptions } from './transport-options.js';
export type { PinoTransport } from './transport-stream.js';
