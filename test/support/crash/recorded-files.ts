import { dirname } from 'node:path';
import type { FileFacts, FileSystem, LockAnswer, OpenFile, OpenWish } from '../../../src/file-system.js';
import type { DiskState, Operation } from './operations.js';
import { changeContent, changeNames } from './operations.js';

/** Whom the files of the twin belong to: us. */
const OWNER = process.geteuid?.() ?? 0;

/** What may be told a {@link RecordedFiles}. */
export interface RecordedOptions {
  /** Whether there are locks, as the addon gives them. */
  readonly hasLocks?: boolean;
  readonly owner?: number;
  readonly isNfs?: boolean;
}

/**
 * The crash twin: a file system in memory that records every operation, so that `crashStates` can tell what a power cut
 * might have left after each. Everything that stands there at the beginning is durable.
 */
export class RecordedFiles implements FileSystem {
  readonly operations: Operation[] = [];
  readonly #contents = new Map<number, Buffer>();
  readonly #names = new Map<string, number>();
  readonly #locked = new Set<number>();
  readonly #options: RecordedOptions;
  readonly #changed = new Map<number, bigint>();
  readonly initial: DiskState;
  #clock = 1n;

  constructor(initial: DiskState, options: RecordedOptions = {}) {
    this.initial = initial;
    this.#options = options;
    const known = new Map<Buffer, number>();
    for (const [path, content] of initial) {
      const inode = known.get(content) ?? known.size + 1;
      known.set(content, inode);
      this.#contents.set(inode, content);
      this.#names.set(path, inode);
    }
  }

  /** What the files hold now, as a reader sees it who asks before any power cut. */
  get state(): DiskState {
    return new Map([...this.#names].map(([path, inode]) => [path, this.#contents.get(inode)!]));
  }

  async open(path: string, { create }: OpenWish): Promise<OpenFile> {
    const there = this.#names.get(path);
    if (create !== undefined && there !== undefined) throw systemError('EEXIST', 'open');
    if (create === undefined && there === undefined) throw systemError('ENOENT', 'open');
    const inode = there ?? this.#contents.size + 1;
    if (there === undefined) this.#contents.set(inode, Buffer.alloc(0));
    this.#record({ kind: there === undefined ? 'create' : 'open', path, inode });
    return this.#openFile(inode);
  }

  async facts(path: string): Promise<FileFacts | undefined> {
    const inode = this.#names.get(path);
    if (inode !== undefined) return this.#factsOf(inode);
    const folder = this.#names.get(`${path}/`);
    return folder === undefined ? undefined : { ...this.#factsOf(folder), kind: 'folder' };
  }

  async resolve(path: string): Promise<string> {
    if (!this.#names.has(`${path}/`)) this.#inodeAt(path);
    return path;
  }

  async link(from: string, to: string): Promise<void> {
    if (this.#names.has(to)) throw systemError('EEXIST', 'link');
    this.#record({ kind: 'link', from, to, inode: this.#inodeAt(from) });
  }

  async rename(from: string, to: string): Promise<void> {
    this.#record({ kind: 'rename', from, to, inode: this.#inodeAt(from) });
  }

  async unlink(path: string): Promise<void> {
    this.#inodeAt(path);
    this.#record({ kind: 'unlink', path });
  }

  async names(folder: string): Promise<string[]> {
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1).replace(/\/$/, ''));
  }

  async makeFolder(path: string): Promise<void> {
    if (this.#names.has(path) || this.#names.has(`${path}/`)) throw systemError('EEXIST', 'mkdir');
    const inode = this.#contents.size + 1;
    this.#contents.set(inode, Buffer.alloc(0));
    this.#record({ kind: 'makeFolder', path, inode });
  }

  async isNfs(): Promise<boolean> {
    return this.#options.isNfs ?? false;
  }

  async syncFolder(folder: string): Promise<void> {
    this.#record({ kind: 'syncFolder', folder });
  }

  #openFile(inode: number): OpenFile {
    let hasLock = false;
    const change = (operation: Operation) => this.#record(operation);
    return {
      read: async (memory, position) => {
        const content = this.#contents.get(inode)!;
        return content.copy(memory, 0, Math.min(position, content.length));
      },
      write: async (bytes, position) => {
        change({ kind: 'write', inode, position, bytes: Buffer.from(bytes) });
        return bytes.length;
      },
      truncate: async (length) => change({ kind: 'truncate', inode, length }),
      sync: async () => change({ kind: 'sync', inode }),
      datasync: async () => change({ kind: 'sync', inode }),
      facts: async () => this.#factsOf(inode),
      lock: (): LockAnswer => {
        if (this.#options.hasLocks === false) return 'none';
        if (this.#locked.has(inode) && !hasLock) return 'held';
        this.#locked.add(inode);
        hasLock = true;
        return 'locked';
      },
      takeRightsOf: async () => undefined,
      close: async () => {
        if (hasLock) this.#locked.delete(inode);
      },
    };
  }

  #factsOf(inode: number): FileFacts {
    return {
      kind: 'file',
      device: 1n,
      inode: BigInt(inode),
      size: this.#contents.get(inode)!.length,
      links: [...this.#names.values()].filter((one) => one === inode).length,
      owner: this.#options.owner ?? OWNER,
      group: 0,
      mode: 0o600,
      modified: this.#changed.get(inode) ?? 0n,
      changed: this.#changed.get(inode) ?? 0n,
    };
  }

  #inodeAt(path: string): number {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT', 'open');
    return inode;
  }

  #record(operation: Operation): void {
    this.operations.push(operation);
    changeNames(this.#names, operation);
    if (operation.kind !== 'write' && operation.kind !== 'truncate') return;
    const { inode } = operation;
    this.#contents.set(inode, changeContent(this.#contents.get(inode)!, operation));
    this.#changed.set(inode, this.#clock++);
  }
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
