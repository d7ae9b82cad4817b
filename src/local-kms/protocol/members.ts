import { isWellFormed } from '../../text/well-formed.js';
import { serializationError, unsupported } from './service-error.js';

/** A JSON value that is present. */
type Present = string | number | boolean | object;

/**
 * How one member of a request is read. `read` throws SerializationException for the wrong kind of JSON, and adds to
 * `faults`, in AWS's words, if the value is outside its constraints (the result is then ignored).
 */
export interface Member<T> {
  readonly required?: boolean;
  read(value: Present, path: string, faults: string[]): T;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export function required<T>(member: Member<T>): Member<T> & { readonly required: true } {
  return { ...member, required: true };
}

export function text(bounds: Bounds & { readonly pattern?: RegExp } = {}): Member<string> {
  return {
    read(value, path, faults) {
      const found = readString(value);
      const shown = `Value '${found}' at '${path}'`;
      checkBounds(found.length, 'length', bounds, shown, faults);
      if (bounds.pattern !== undefined && !bounds.pattern.test(found)) {
        faults.push(fault(shown, `satisfy regular expression pattern: ${bounds.pattern.source}`));
      }
      return found;
    },
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): Member<T> {
  return {
    read(value, path, faults) {
      const found = readString(value);
      const known = values.find((candidate) => candidate === found);
      if (known === undefined) {
        faults.push(fault(`Value '${found}' at '${path}'`, `satisfy enum value set: [${values.join(', ')}]`));
      }
      return known ?? values[0]!;
    },
  };
}

/** A member for which AWS accepts more values than this KMS. */
export function only<const T extends string | boolean>(value: T): Member<T> {
  return {
    read(found, path) {
      if (found !== value) throw unsupported(`this value of ${path}`);
      return value;
    },
  };
}

/** A member that this KMS does not support and therefore must not ignore. */
export const notHere: Member<never> = {
  read(_value, path) {
    throw unsupported(path);
  },
};

export function integer(bounds: Bounds): Member<number> {
  return {
    read(value, path, faults) {
      if (!Number.isSafeInteger(value))
        throw serializationError(`${kindOf(value)} can not be converted to an Integer`);
      checkBounds(Number(value), 'value', bounds, `Value '${value}' at '${path}'`, faults);
      return Number(value);
    },
  };
}

export const flag: Member<boolean> = {
  read(value) {
    if (typeof value !== 'boolean')
      throw serializationError(`${kindOf(value)} can not be converted to a Boolean`);
    return value;
  },
};

/** Bytes, base64 on the wire; never shown in a message. */
export function blob(bounds: Bounds): Member<Buffer> {
  return {
    read(value, path, faults) {
      const encoded = readString(value);
      if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) {
        throw serializationError('The value is not base64');
      }
      const bytes = Buffer.from(encoded, 'base64');
      checkBounds(bytes.length, 'length', bounds, `Value at '${path}'`, faults);
      return bytes;
    },
  };
}

export function list<T>(member: Member<T>, bounds: Bounds): Member<readonly T[]> {
  return {
    read(value, path, faults) {
      if (!Array.isArray(value)) throw serializationError('Expected list or null');
      checkBounds(value.length, 'length', bounds, `Value at '${path}'`, faults);
      return value.map((item, i) => member.read(present(item), `${path}.${i + 1}.member`, faults));
    },
  };
}

/** A map of strings. Its keys are data: no key has a special meaning, not even `__proto__`. */
export const pairs: Member<ReadonlyMap<string, string>> = {
  read(value) {
    if (typeof value !== 'object' || Array.isArray(value)) throw serializationError('Expected map or null');
    const entries = Object.entries(value).map(
      ([key, item]) => [readString(key), readString(present(item))] as const,
    );
    return new Map(entries);
  },
};

function readString(value: Present): string {
  if (typeof value !== 'string')
    throw serializationError(`${kindOf(value)} can not be converted to a String`);
  // A lone surrogate has no UTF-8, so two different ones would become the same bytes.
  if (!isWellFormed(value)) throw serializationError('The string is not well-formed Unicode');
  return value;
}

function present(value: unknown): Present {
  if (value === undefined || value === null) throw serializationError('Unexpected null');
  return value;
}

function checkBounds(
  size: number,
  what: string,
  { min, max }: Bounds,
  shown: string,
  faults: string[],
): void {
  if (min !== undefined && size < min)
    faults.push(fault(shown, `have ${what} greater than or equal to ${min}`));
  if (max !== undefined && size > max) faults.push(fault(shown, `have ${what} less than or equal to ${max}`));
}

function fault(shown: string, must: string): string {
  return `${shown} failed to satisfy constraint: Member must ${must}`;
}

function kindOf(value: Present): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof value === 'object') return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
  return typeof value === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE';
}
