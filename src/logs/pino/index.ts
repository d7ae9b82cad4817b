/**
 * A log archive behind pino: `pino.transport({ target: 'sealpipe/pino', options })` seals the lines of a logger in a
 * separate thread.
 *
 * @module sealpipe/pino
 */

export { default } from './open-transport.js';
export type { PinoTransportOptions } from './transport-options.js';
export type { PinoTransport } from './transport-stream.js';
