import type { KeyProvider } from '../../src/keys/provider.js';
import { altered } from './altered-provider.js';
import { isZero } from './zeros.js';

/** A provider, and what was asked of it. */
export interface Watched {
  readonly provider: KeyProvider;
  /** The names of the methods that were called, in order; `matches` is no call. */
  readonly calls: string[];
  /** The data keys that it handed out: the very memory, not copies. */
  readonly dataKeys: Uint8Array[];
}

/** `base`, with its calls counted and its data keys remembered. */
export function watched(base: KeyProvider): Watched {
  const calls: string[] = [];
  const dataKeys: Uint8Array[] = [];
  const provider = altered(base, {
    generate: async (...args: Parameters<KeyProvider['generate']>) => {
      calls.push('generate');
      const made = await base.generate(...args);
      dataKeys.push(made.dataKey);
      return made;
    },
    wrap: (...args: Parameters<KeyProvider['wrap']>) => {
      calls.push('wrap');
      return base.wrap(...args);
    },
    unwrap: async (...args: Parameters<KeyProvider['unwrap']>) => {
      calls.push('unwrap');
      const dataKey = await base.unwrap(...args);
      dataKeys.push(dataKey);
      return dataKey;
    },
  });
  return { provider, calls, dataKeys };
}

/** Whether every byte is zero; there must be some. */
export function isWiped(secret: Uint8Array): boolean {
  return secret.length > 0 && isZero(secret);
}
