import type { KeyProvider } from './provider.js';

/** Whether `value` has every method that a {@link KeyProvider} must have. */
export function isKeyProvider(value: unknown): value is KeyProvider {
  if (typeof value !== 'object' || value === null) return false;
  const provider = value as Readonly<Record<keyof KeyProvider, unknown>>;
  return (['generate', 'wrap', 'matches', 'unwrap'] as const).every(
    (name) => typeof provider[name] === 'function',
  );
}
