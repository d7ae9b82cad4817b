import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, unlink } from 'node:fs/promises';
import { throwIfAborted } from '../../abort.js';
import { POSIX, PRIVATE_FILE } from '../../file-system.js';
import { isSystemError } from '../../system-error.js';
import { marked, refusal } from './file-fault.js';
import { nameFile } from './file-naming.js';
import type { HeldFolder } from './held-folder.js';
import { leftovers } from './leftovers.js';
import type { Openness } from './openness.js';
import { noMoreOpen } from './openness.js';
import type { OutputTarget } from './output-target.js';
import { temporaryFolder } from './temporary-folder.js';

/** How to create a file. */
export interface FileTerms {
  /** Its name in messages. */
  readonly path: string;
  readonly target: OutputTarget;
  /** Whether a file of that name may be replaced. */
  readonly force: boolean;
  readonly mode: number;
  /** The file must not be more accessible than these. */
  readonly notMoreOpenThan: readonly (Openness | undefined)[];
  /** If aborted, the file does not get its name. */
  readonly signal: AbortSignal;
  /** Called with the name of a temporary file that cannot be removed. */
  readonly onLeft: (name: string, error: unknown) => void;
}

/**
 * A file beside FILE, accessible to its owner only, until it gets FILE's name or is abandoned. An abandoned file is
 * emptied first: its bytes must not stay under another name, or in a folder in which nothing can be removed.
 */
export class TemporaryFile {
  readonly handle: FileHandle;
  readonly #folder: HeldFolder;
  readonly #name: string;
  readonly #place: string;
  readonly #terms: FileTerms;
  #isNamed = false;
  #isReleased = false;
  /** Even if the call to name it failed, it may have got the name. */
  #mayBeNamed = false;

  static async make(terms: FileTerms): Promise<TemporaryFile> {
    const folder = await temporaryFolder(terms.target.folder);
    const name = `.sealpipe-${randomBytes(12).toString('hex')}.tmp`;
    const place = folder.at(name);
    leftovers.add(place);
    try {
      const handle = await open(place, 'wx', PRIVATE_FILE);
      leftovers.add(place, handle.fd);
      return new TemporaryFile(handle, folder, name, terms);
    } catch (error) {
      leftovers.delete(place);
      if (folder !== terms.target.folder) await folder.release();
      throw error;
    }
  }

  private constructor(handle: FileHandle, folder: HeldFolder, name: string, terms: FileTerms) {
    this.handle = handle;
    this.#folder = folder;
    this.#name = name;
    this.#place = folder.at(name);
    this.#terms = terms;
  }

  /** Whether FILE is this file now. */
  get isNamed(): boolean {
    return this.#isNamed;
  }

  /**
   * Makes the content durable, and then the name.
   *
   * @throws SealpipeError `ERR_SEALPIPE_EXISTS`; the error of the system, or one like it; the reason of the signal
   */
  async takeName(): Promise<void> {
    const { path, target, force, mode, notMoreOpenThan, signal } = this.#terms;
    const { folder, name } = target;
    await this.handle.sync();
    if (POSIX) {
      const { gid } = await this.handle.stat({ bigint: true });
      await this.handle.chmod(noMoreOpen(mode, gid, ...notMoreOpenThan));
    }
    if (!(await folder.isInPlace())) throw refusal('folder-moved', path);
    throwIfAborted(signal);
    // From here on it may be FILE and must not be emptied.
    leftovers.add(this.#place);
    this.#mayBeNamed = true;
    const isMoved = await nameFile(this.#place, folder.at(name), { path, force });
    this.#isNamed = true;
    if (!isMoved) await this.#removeOtherName();
    leftovers.delete(this.#place);
    try {
      await folder.sync();
    } catch (error) {
      throw marked(error as Error, { fault: 'name-not-durable' });
    }
  }

  /** Closes it, and removes it unless it is FILE. Never rejects. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (!this.#isNamed) await this.#giveUp();
    leftovers.delete(this.#place);
    await this.handle.close().catch(() => undefined);
    await Promise.all([this.#folder.release(), this.#terms.target.folder.release()]);
  }

  async #giveUp(): Promise<void> {
    try {
      if (!this.#mayBeNamed || (await this.#isOnlyHere())) await this.handle.truncate(0);
    } catch {
      // Its name is removed nevertheless.
    }
    try {
      await unlink(this.#place);
    } catch (error) {
      if (isSystemError(error) && error.code !== 'ENOENT') this.#noteStays(error);
    }
  }

  async #isOnlyHere(): Promise<boolean> {
    const [own, here] = await Promise.all([
      this.handle.stat({ bigint: true }),
      lstat(this.#place, { bigint: true }),
    ]);
    return own.nlink === 1n && own.ino === here.ino && own.dev === here.dev;
  }

  /** FILE exists and is whole, even if this fails. */
  async #removeOtherName(): Promise<void> {
    try {
      await unlink(this.#place);
    } catch (error) {
      this.#noteStays(error);
    }
  }

  #noteStays(error: unknown): void {
    this.#terms.onLeft(this.#name, error);
  }
}
