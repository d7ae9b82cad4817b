import { RENEW, sourceChanged, type VersionedSource } from '../../src/sources/versioned-source.js';

/** An object in a store whose content is replaced at times, and a source over it that reads one version of it. */
export interface VersionedStore {
  readonly source: VersionedSource;
  /** Replaces the object. */
  put(bytes: Uint8Array): void;
  /** Every read, with the version that it asked for. */
  readonly reads: (readonly [version: number, start: number, end: number])[];
  readonly counts: { renewals: number; closed: number; most: number };
}

/** Makes one. Every answer comes a turn of the event loop later; the version is looked at when it is made. */
export function versionedStore(first: Uint8Array): VersionedStore {
  let current = first;
  let version = 1;
  let pinned: number | undefined;
  let underWay = 0;
  const reads: (readonly [number, number, number])[] = [];
  const counts = { renewals: 0, closed: 0, most: 0 };
  const answered = async <T>(answer: (wanted: number) => T): Promise<T> => {
    pinned ??= version;
    const wanted = pinned;
    underWay += 1;
    counts.most = Math.max(counts.most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    if (wanted !== version) throw sourceChanged('The object');
    return answer(wanted);
  };
  return {
    source: {
      size: () => answered(() => current.length),
      read: (start, end) => {
        reads.push([pinned ?? version, start, end]);
        return answered(() => current.subarray(start, end));
      },
      [RENEW]: async () => {
        counts.renewals += 1;
        await new Promise(setImmediate);
        pinned = version;
        return current.length;
      },
      close: async () => void (counts.closed += 1),
    },
    put: (bytes) => {
      current = bytes;
      version += 1;
    },
    reads,
    counts,
  };
}
