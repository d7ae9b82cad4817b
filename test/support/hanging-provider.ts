import type { KeyProvider } from '../../src/keys/provider.js';
import { altered } from './altered-provider.js';

/** A provider that answers only when it is told to, and does not listen to its signal. */
export interface Hanging {
  readonly provider: KeyProvider;
  /** Resolves once a method that hangs was called. */
  readonly asked: Promise<void>;
  /** Settles every hanging call, as if nothing else had happened. */
  answer(settle?: () => unknown): void;
}

/** `base` with the given methods hanging until `answer()`. */
export function hanging(base: KeyProvider, ...methods: ('generate' | 'wrap' | 'unwrap')[]): Hanging {
  let wasAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    wasAsked = resolve;
  });
  const waiting: ((settle?: () => unknown) => void)[] = [];
  const hang =
    (method: 'generate' | 'wrap' | 'unwrap') =>
    (...args: never[]) => {
      const answered = Promise.resolve((base[method] as (...args: never[]) => Promise<unknown>)(...args));
      return new Promise((resolve) => {
        waiting.push((settle) => resolve(settle === undefined ? answered : answered.then(settle)));
        wasAsked();
      });
    };
  const provider = altered(base, Object.fromEntries(methods.map((method) => [method, hang(method)])));
  return {
    provider,
    asked,
    answer: (settle) => {
      for (const resolve of waiting.splice(0)) resolve(settle);
    },
  };
}
