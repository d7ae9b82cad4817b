import { copyOf } from '../../bytes.js';
import type { Folder, Storage } from './storage.js';

/** A storage that lasts as long as its process. */
export class MemoryStorage implements Storage {
  readonly #contents = new Map<string, Buffer>();

  async create(folder: Folder, name: string, content: Uint8Array): Promise<boolean> {
    const path = this.locate(folder, name);
    if (this.#contents.has(path)) return false;
    this.#contents.set(path, copyOf(content));
    return true;
  }

  async read(folder: Folder, name: string): Promise<Buffer | undefined> {
    const content = this.#contents.get(this.locate(folder, name));
    return content === undefined ? undefined : copyOf(content);
  }

  async has(folder: Folder, name: string): Promise<boolean> {
    return this.#contents.has(this.locate(folder, name));
  }

  async list(folder: Folder): Promise<string[]> {
    const prefix = `${folder}/`;
    const paths = [...this.#contents.keys()].filter((path) => path.startsWith(prefix));
    return paths.map((path) => path.slice(prefix.length));
  }

  async remove(folder: Folder, name: string): Promise<void> {
    const path = this.locate(folder, name);
    this.#contents.get(path)?.fill(0);
    this.#contents.delete(path);
  }

  locate(folder: Folder, name: string): string {
    return `${folder}/${name}`;
  }

  wipe(): void {
    for (const content of this.#contents.values()) content.fill(0);
    this.#contents.clear();
  }
}
