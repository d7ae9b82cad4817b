import type { EngineName, KeyProvider, StreamHeader } from '../../index.js';
import type { ListedArchive } from '../../logs/upkeep/index.js';
import type { GivenOptions } from '../arguments/command-line.js';
import { contextPairs } from '../arguments/values/context-pairs.js';
import type { Invocation } from '../invocation.js';
import type { ObjectStore } from '../io/store/object-store.js';
import { openSealedInput } from '../io/store/sealed-input.js';
import { CommandError, EXIT } from '../terminal/command-error.js';
import { LOGS_TROUBLE } from '../terminal/messages/logs.js';
import { RUN_NOTES } from '../terminal/messages/runs.js';
import { localKeyId, recipientName } from '../terminal/recipient-names.js';
import { KeyGuard } from './key-guard.js';
import { KeySet } from './key-set.js';
import type { Trust } from './keys-to-open.js';
import { keysToOpen, trustOf } from './keys-to-open.js';
import { existingEmbeddedKms, isEmbeddedKmsThere } from './local/embedded-kms.js';

/** The keys and the context for opening an archive. */
export interface ArchiveTerms {
  readonly keys: readonly KeyProvider[];
  readonly encryptionContext: Readonly<Record<string, string>> | undefined;
  readonly engine: EngineName | undefined;
  readonly signal: AbortSignal;
}

/** Reports which keys opened an archive. */
export type KeyTeller = (keys: readonly { readonly provider: string; readonly key: string }[]) => void;

/** How the options of a command open archives. */
export interface ArchiveOpening {
  readonly guard: KeyGuard;
  /** Whether any keys may open archives: named ones, or otherwise those of this machine. */
  mayOpen(archives: readonly ListedArchive[]): Promise<boolean>;
  /** Passes the keys to `work`, and closes them afterwards. */
  openWith<T>(
    archives: readonly ListedArchive[],
    work: (terms: ArchiveTerms, tell: KeyTeller) => Promise<T>,
  ): Promise<T>;
}

/** Reads the options that open archives. @throws CommandError with status 2 */
export async function archiveOpening(
  options: GivenOptions,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<ArchiveOpening> {
  const { terminal, signal, env } = invocation;
  const encryptionContext = contextPairs(options.texts('context'));
  const trust = trustOf(options, env);
  const engine = options.text('engine') as EngineName | undefined;
  const hasKeys = trust.keys.length > 0 || trust.accounts.size > 0;
  return {
    guard: await KeyGuard.for(trust.keys, invocation),
    async mayOpen(archives) {
      if (hasKeys) return true;
      const header = await someHeader(archives, store, signal).catch(() => undefined);
      const isLocal = header?.recipients.some((recipient) => localKeyId(recipient) !== undefined);
      return isLocal === true && (await isEmbeddedKmsThere(env));
    },
    async openWith(archives, work) {
      const keys = hasKeys
        ? await trusted(trust, invocation)
        : (await keysToOpen(await someHeader(archives, store, signal), trust, invocation)).keys;
      const isChosenByArchive = trust.keys.length !== 1 || trust.accounts.size > 0;
      const told = new Set<string>();
      const tell: KeyTeller = (used) => {
        for (const { provider, key } of used) {
          const name = recipientName({ provider, key, wrapped: new Uint8Array(0) });
          if (!told.has(name)) terminal[isChosenByArchive ? 'note' : 'detail'](RUN_NOTES.openedWith(name));
          told.add(name);
        }
      };
      try {
        return await work({ keys: keys.providers, encryptionContext, engine, signal }, tell);
      } finally {
        await keys.close();
      }
    },
  };
}

/** All named keys, because segments of one archive may be sealed for different keys. */
async function trusted({ keys: named, accounts }: Trust, { env }: Invocation): Promise<KeySet> {
  const keys = new KeySet(() => existingEmbeddedKms(env));
  try {
    for (const reference of named) await keys.add(reference);
    for (const [partition, ids] of accounts) await keys.addAccounts(partition, ids);
    return keys;
  } catch (error) {
    await keys.close();
    throw error;
  }
}

/**
 * The header of the newest readable segment, for a message about the keys of the archive.
 *
 * @throws (rejects) the error of the last segment that was tried
 */
async function someHeader(
  archives: readonly ListedArchive[],
  store: ObjectStore | undefined,
  signal: AbortSignal,
): Promise<StreamHeader> {
  const paths = archives.flatMap(({ segments }) => segments.map(({ path }) => path)).reverse();
  let failure: unknown = new CommandError(
    EXIT.other,
    LOGS_TROUBLE.noSegment(archives.map(({ archive }) => archive)),
  );
  for (const path of paths) {
    try {
      const file = await openSealedInput({ name: path }, 'a segment is a file', store, signal);
      try {
        return await file.header(signal);
      } finally {
        await file.close();
      }
    } catch (error) {
      // If the store refuses one segment, it refuses all.
      if (signal.aborted || (store !== undefined && isStoreTrouble(error))) throw error;
      failure = error;
    }
  }
  throw failure;
}

function isStoreTrouble(error: unknown): boolean {
  return error instanceof CommandError && error.status === EXIT.other;
}
