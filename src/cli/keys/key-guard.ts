import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileId } from '../../file-system.js';
import { isSameFile } from '../../file-system.js';
import type { KeyReference } from '../../keys/index.js';
import { parseKeyReference } from '../../keys/index.js';
import { descriptorNamed } from '../../sources/descriptor-name.js';
import type { Invocation } from '../invocation.js';
import { fileId, statsOf } from '../io/descriptors/file-kind.js';
import type { Input } from '../io/input/input.js';
import type { OutputCheck } from '../io/output/output.js';
import { misuse } from '../terminal/command-error.js';
import { KEPT_USAGE } from '../terminal/messages/keys/key-guard.js';
import { keyLines } from './key-reference.js';
import { isInEmbeddedKms } from './local/kms-files.js';

/** The file of a key. */
interface KeyFile {
  readonly name: string;
  readonly fileId: FileId;
  /** Whether it can be read again, unlike a pipe. */
  readonly lasts: boolean;
}

const STANDARD = [
  [1, 'standard output'],
  [2, 'standard error'],
] as const;

/** Protects keys from being overwritten, and refuses a pipe that is named for two purposes. */
export class KeyGuard {
  /** The files of the keys of this run. */
  readonly #used: readonly KeyFile[];
  /** Also those that SEALPIPE_KEY names, whether used or not. */
  readonly #kept: readonly KeyFile[];
  readonly #env: NodeJS.ProcessEnv;

  private constructor(used: readonly KeyFile[], others: readonly KeyFile[], env: NodeJS.ProcessEnv) {
    this.#used = used;
    this.#kept = [...used, ...others];
    this.#env = env;
  }

  /**
   * For a command that opens or seals with these keys, possibly none.
   *
   * @throws CommandError with status 2 if two keys come from the same pipe, or if the shell has made a key file the
   * standard output or the standard error
   */
  static async for(keys: readonly KeyReference[], { env, terminal }: Invocation): Promise<KeyGuard> {
    const guard = new KeyGuard(await keyFiles(keys), await keyFiles(keysOfEnvironment(env)), env);
    guard.#assertKeysApart();
    for (const [fd, name] of STANDARD) {
      const stats = await statsOf(fd);
      // A message about it would be written into the key.
      if (fd === 2 && guard.#keyAt(stats) !== undefined) terminal.mute();
      guard.#assertNoKey(name, stats);
    }
    return guard;
  }

  /** @throws CommandError with status 2 if a key comes from the same place as the data; the input is closed then */
  async assertApartFrom(input: Input): Promise<void> {
    const twice = this.#used.find(({ fileId: id }) => isSameFile(id, input.fileId));
    if (twice === undefined) return;
    await input.close();
    throw misuse(KEPT_USAGE.keyAndData(isStandardInput(input.name) ? 'standard input' : input.name));
  }

  /** @throws (rejects) CommandError with status 2 if an output would overwrite a key */
  readonly assertFree: OutputCheck = async (name, stats, path) => {
    if (stats !== undefined) this.#assertNoKey(name, stats);
    if (await isInEmbeddedKms(this.#env, stats, path)) throw misuse(KEPT_USAGE.inEmbeddedKms(name));
  };

  #assertKeysApart(): void {
    this.#used.forEach(({ name, fileId: id, lasts }, at) => {
      const before = this.#used.slice(0, at).some((other) => isSameFile(other.fileId, id));
      if (before && !lasts) throw misuse(KEPT_USAGE.twoKeys(isStandardInput(name) ? 'standard input' : name));
    });
  }

  #assertNoKey(name: string, stats: BigIntStats): void {
    const key = this.#keyAt(stats);
    if (key === undefined) return;
    throw misuse(
      stats.size === 0n ? KEPT_USAGE.emptiedKey(name, key.name) : KEPT_USAGE.overKey(name, key.name),
    );
  }

  #keyAt(stats: BigIntStats): KeyFile | undefined {
    if (!stats.isFile() && !stats.isBlockDevice()) return undefined;
    return this.#kept.find(({ fileId: id }) => isSameFile(id, fileId(stats)));
  }
}

/** A line that is not a valid key is refused when it is used. */
function keysOfEnvironment(env: NodeJS.ProcessEnv): KeyReference[] {
  return keyLines(env).flatMap((line) => {
    try {
      return [parseKeyReference(line)];
    } catch {
      return [];
    }
  });
}

async function keyFiles(keys: readonly KeyReference[]): Promise<KeyFile[]> {
  const files = keys.map(async (key): Promise<KeyFile[]> => {
    if (key.kind !== 'file') return [];
    const stats = await stat(key.path, { bigint: true }).catch(() => undefined);
    // A file that cannot be examined cannot be read either: reading the key gives the error.
    return stats === undefined ? [] : [{ name: key.path, fileId: fileId(stats), lasts: stats.isFile() }];
  });
  return (await Promise.all(files)).flat();
}

function isStandardInput(name: string): boolean {
  return name === 'standard input' || descriptorNamed(name) === 0;
}
