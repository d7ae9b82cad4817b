import type { KeyProvider } from '../provider.js';

/** What `kms()` returns: a key provider that may hold connections. */
export interface KmsKeyProvider extends KeyProvider {
  /**
   * Closes the connections of the clients that this provider made; calls under way fail. Idle connections do not keep
   * a process alive, so this is for one that goes on without the provider. A later call opens new ones.
   */
  close(): void;
  /** As `close`. */
  [Symbol.dispose](): void;
}
