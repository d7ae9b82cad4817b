/** The version of every JSON file in a directory. A later version is refused. */
const VERSION = 1;

/** Encodes one kind of record as the content of a file, and decodes it. */
export interface RecordCodec<T> {
  encode(record: T): Buffer;
  /**
   * @param id the name of the file, which the record must match
   * @throws Error with the reason, if `content` is not such a record
   */
  decode(content: Buffer, id: string): T;
}

/** Reads the members of a record one by one and checks their types. */
export class RecordReader {
  readonly #members: ReadonlyMap<string, unknown>;

  /** @throws Error if `content` is not a record of this type and version */
  constructor(type: string, content: Buffer) {
    const parsed = parse(content);
    if (typeof parsed !== 'object' || parsed === null) throw new Error('not a JSON object');
    this.#members = new Map(Object.entries(parsed));
    if (this.#members.get('type') !== type) throw new Error(`its type is not ${JSON.stringify(type)}`);
    const version = this.#members.get('version');
    if (typeof version !== 'number') throw new Error('it has no version');
    if (version !== VERSION) {
      throw new Error(`its version is ${version}, and this release knows ${VERSION}`);
    }
  }

  /** A string that `form` matches. */
  string(name: string, form: RegExp): string {
    const value = this.#members.get(name);
    if (typeof value !== 'string' || !form.test(value)) throw new Error(`${name} is malformed`);
    return value;
  }

  /** A point in time, in milliseconds since the epoch. */
  time(name: string): number {
    const value = this.#members.get(name);
    if (
      typeof value !== 'number' ||
      !Number.isSafeInteger(value) ||
      Number.isNaN(new Date(value).getTime())
    ) {
      throw new Error(`${name} is not a time`);
    }
    return value;
  }

  /** At least one string. All are different, and `form` matches each of them. */
  strings(name: string, form: RegExp): readonly string[] {
    const value: unknown = this.#members.get(name);
    if (!Array.isArray(value) || value.length === 0) throw new Error(`${name} is not a list`);
    const found = value.filter((item): item is string => typeof item === 'string' && form.test(item));
    if (found.length !== value.length || new Set(found).size !== found.length) {
      throw new Error(`${name} is malformed`);
    }
    return found;
  }

  /** Whether a member is present and not null. */
  has(name: string): boolean {
    return (this.#members.get(name) ?? null) !== null;
  }
}

/** The parser's message would quote the content, which anybody may have written. */
function parse(content: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new Error('it is not JSON');
  }
}

/** The content of a file: one line of JSON that a person can read. */
export function encodeRecord(type: string, members: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`${JSON.stringify({ type, version: VERSION, ...members })}\n`);
}
