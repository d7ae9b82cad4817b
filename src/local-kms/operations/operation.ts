import { wipe } from '../../bytes.js';
import { isBytes } from '../../realms.js';
import type { KeyDirectory } from '../keys/key-directory.js';
import type { Member } from '../protocol/members.js';
import { nullFault, serializationError, validationErrors } from '../protocol/service-error.js';

/** The members of a request, by name. */
export type Shape = Readonly<Record<string, Member<unknown>>>;

/** The checked members of a request. */
export type Input<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends Member<infer T>
    ? S[K] extends { readonly required: true }
      ? T
      : T | undefined
    : never;
};

/** The body of a response, ready for JSON: blobs in base64, times in seconds since the epoch. */
export type ResponseBody = Readonly<Record<string, unknown>>;

/** From a request's parsed JSON to the body of its response. */
export type Operation = (request: unknown, directory: KeyDirectory) => Promise<ResponseBody>;

/**
 * Creates an operation from the shape of its request and the function that performs it.
 *
 * Every request is checked whole before `run` sees it, so `run` never meets a value outside the shape.
 */
export function operation<S extends Shape>(
  shape: S,
  run: (input: Input<S>, directory: KeyDirectory) => Promise<ResponseBody>,
): Operation {
  return async (request, directory) => run(readInput(shape, request), directory);
}

/** Seconds since the epoch, as AWS JSON writes times. */
export function toTimestamp(milliseconds: number): number {
  return milliseconds / 1000;
}

function readInput<S extends Shape>(shape: S, request: unknown): Input<S> {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw serializationError('Start of structure or map expected');
  }
  const given = new Map<string, unknown>(Object.entries(request));
  const input = new Map<string, unknown>();
  try {
    readMembers(shape, given, input);
  } catch (error) {
    // One of them may be a plaintext.
    for (const value of input.values()) if (isBytes(value)) wipe(value);
    throw error;
  }
  return Object.fromEntries(input) as Input<S>;
}

function readMembers(shape: Shape, given: ReadonlyMap<string, unknown>, input: Map<string, unknown>): void {
  const faults: string[] = [];
  for (const [name, member] of Object.entries(shape)) {
    const path = name.charAt(0).toLowerCase() + name.slice(1);
    const value = given.get(name) ?? undefined;
    if (value !== undefined) input.set(name, member.read(value, path, faults));
    else if (member.required === true) faults.push(nullFault(path));
  }
  if (faults.length > 0) throw validationErrors(faults);
}
