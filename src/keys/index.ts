/**
 * Keys by name, like the option `--key` of the command: for programs whose keys are configured as text.
 *
 * @module sealpipe/keys
 */
export type { KeyFromOptions, NamedKeyProvider } from './key-from.js';
export { keyFrom } from './key-from.js';
export type { KeyReference } from './reference.js';
export { parseKeyReference } from './reference.js';
