import { optionsTypeError } from './errors.js';
import { isAbortSignal } from './realms.js';
import { quoted, shortened } from './text/printable.js';
import { suggestion } from './text/suggestion.js';

/** The names of an interface of options. The compiler ensures that the list is complete and has no other names. */
export type OptionNames<T> = { readonly [K in keyof T]-?: true };

/**
 * Picks the known options from an object, and reads each once. An unknown name is refused, because an option that is
 * silently ignored is one that its caller relies on. `undefined` means that an option is not given.
 *
 * Options may be inherited from a class or from an object of defaults, but not from `Object.prototype`, where nobody
 * would intend them.
 *
 * @param what the name of the function that takes the options, for the message
 * @returns the options with these names, in a new object
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function readOptions<T extends object>(what: string, options: unknown, names: OptionNames<T>): T {
  if (typeof options !== 'object' || options === null) {
    throw optionsTypeError(`${what} takes an object of options`);
  }
  const known = Object.keys(names);
  for (const owner of lineOf(options)) {
    const stranger = Object.keys(owner).find((name) => !Object.hasOwn(names, name));
    if (stranger !== undefined) throw unknownOption(what, stranger, known);
  }
  const given: [string, unknown][] = [];
  for (const name of known) {
    if (name in Object.prototype && !lineOf(options).some((owner) => Object.hasOwn(owner, name))) continue;
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) given.push([name, value]);
  }
  return Object.fromEntries(given) as T;
}

/** The object and its prototypes, except `Object.prototype`. */
function lineOf(options: object): object[] {
  const line = [options];
  for (let next = Object.getPrototypeOf(options); next !== null; next = Object.getPrototypeOf(next)) {
    const isCommon = Object.getPrototypeOf(next) === null && Object.hasOwn(next, 'isPrototypeOf');
    if (!isCommon) line.push(next);
  }
  return line;
}

/** @throws TypeError `ERR_SEALPIPE_OPTIONS` for a signal that is given and is no AbortSignal */
export function assertSignal(signal: unknown): void {
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw optionsTypeError('`signal` must be an AbortSignal');
  }
}

/** @throws TypeError `ERR_SEALPIPE_OPTIONS` for a listener that is given and is no function */
export function assertListeners(listeners: Readonly<Record<string, unknown>>): void {
  for (const [name, listener] of Object.entries(listeners)) {
    if (listener !== undefined && typeof listener !== 'function') {
      throw optionsTypeError(`\`${name}\` must be a function`);
    }
  }
}

/** Checks an option that is true or false. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function booleanOption(name: string, value: unknown, byDefault = false): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === 'boolean') return value;
  throw optionsTypeError(`\`${name}\` must be true or false`);
}

function unknownOption(what: string, name: string, known: readonly string[]): TypeError {
  const meant = suggestion(name, known);
  const shown = quoted(shortened(name));
  const remedy = meant === undefined ? `It takes ${known.join(', ')}` : `Did you mean "${meant}"?`;
  return optionsTypeError(`${what} knows no option ${shown}. ${remedy}`);
}
