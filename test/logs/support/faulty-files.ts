import type { FileSystem, OpenFile } from '../../../src/file-system.js';

/** What is about to be done to a file, or to a folder. */
export interface FileCall {
  readonly call: 'open' | 'write' | 'sync' | 'datasync' | 'link' | 'rename' | 'syncFolder' | 'makeFolder';
  readonly path: string;
  /** Of a write. */
  readonly size?: number;
}

/** What becomes of a call: undefined: it is done; a number: so many bytes are written; an error code: it fails. */
export type Fault = number | string | undefined | Promise<undefined>;

/** A file system whose calls may fail. It also records writes: no byte may ever get a second value. */
export class FaultyFiles implements FileSystem {
  readonly #files: FileSystem;
  /** Decides about every call. */
  fault: (call: FileCall) => Fault = () => undefined;
  /** Bytes that were overwritten by others, by path. */
  readonly overwritten: string[] = [];
  readonly #known = new Map<string, Buffer>();
  readonly #lengths = new Map<string, number>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  readonly facts = (path: string) => this.#files.facts(path);
  readonly resolve = (path: string) => this.#files.resolve(path);
  readonly names = (folder: string) => this.#files.names(folder);
  readonly isNfs = (folder: string) => this.#files.isNfs(folder);
  readonly unlink = (path: string) => this.#files.unlink(path);

  async open(path: string, wish: Parameters<FileSystem['open']>[1]): Promise<OpenFile> {
    await this.#ask({ call: 'open', path });
    return this.#watched(await this.#files.open(path, wish), path);
  }

  async link(from: string, to: string): Promise<void> {
    await this.#ask({ call: 'link', path: to });
    await this.#files.link(from, to);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#ask({ call: 'rename', path: from });
    await this.#files.rename(from, to);
  }

  async syncFolder(folder: string): Promise<void> {
    await this.#ask({ call: 'syncFolder', path: folder });
    await this.#files.syncFolder(folder);
  }

  async makeFolder(path: string): Promise<void> {
    await this.#ask({ call: 'makeFolder', path });
    await this.#files.makeFolder(path);
  }

  #watched(file: OpenFile, path: string): OpenFile {
    // The temporary file of a segment is its segment's from the beginning.
    const name = path.replace(/(\/[0-9]{12})\.[0-9a-f]{16}\.tmp$/, '$1.open');
    return {
      read: (memory, position) => file.read(memory, position),
      write: async (bytes, position) => {
        const most = await this.#ask({ call: 'write', path: name, size: bytes.length });
        const taken = most === undefined ? bytes : bytes.subarray(0, Math.min(most, bytes.length));
        const written = taken.length === 0 ? 0 : await file.write(taken, position);
        this.#note(name, taken.subarray(0, written), position);
        return written;
      },
      truncate: (length) => file.truncate(length),
      sync: async () => {
        await this.#ask({ call: 'sync', path: name });
        await file.sync();
      },
      datasync: async () => {
        await this.#ask({ call: 'datasync', path: name });
        await file.datasync();
      },
      facts: () => file.facts(),
      lock: () => file.lock(),
      takeRightsOf: (other) => file.takeRightsOf(other),
      close: () => file.close(),
    };
  }

  #note(path: string, bytes: Uint8Array, position: number): void {
    if (!path.endsWith('.open')) return;
    let known = this.#known.get(path) ?? Buffer.alloc(0);
    const end = position + bytes.length;
    const length = Math.min(this.#lengths.get(path) ?? 0, end);
    const there = known.subarray(position, Math.max(position, length));
    if (!there.equals(bytes.subarray(0, there.length))) this.overwritten.push(path);
    if (known.length < end) known = Buffer.concat([known], 2 * end);
    known.set(bytes, position);
    this.#known.set(path, known);
    this.#lengths.set(path, Math.max(this.#lengths.get(path) ?? 0, end));
  }

  async #ask(call: FileCall): Promise<number | undefined> {
    const fault = await this.fault(call);
    if (typeof fault === 'string') {
      throw Object.assign(new Error(`${fault}: ${call.call}`), { code: fault, syscall: call.call });
    }
    return fault;
  }
}
