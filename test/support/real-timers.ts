import timers from 'node:timers';
import timersPromises from 'node:timers/promises';

const TIMERS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];

/** A clock or timer as this worker was given it. */
interface RealTimer {
  readonly owner: object;
  readonly name: string;
  readonly value: unknown;
  /** Undefined for what the owner inherits. */
  readonly descriptor: PropertyDescriptor | undefined;
}

const known: typeof globalThis & { sealpipeTimers?: readonly RealTimer[] } = globalThis;

/** Keeps the clocks and timers of this worker. Only the first call counts: it comes before every test. */
export function keepRealTimers(): void {
  known.sealpipeTimers ??= [
    ...real(globalThis, [...TIMERS, 'queueMicrotask', 'performance', 'Date']),
    ...real(performance, ['now']),
    ...real(Date, ['now']),
    ...real(process, ['nextTick', 'hrtime']),
    ...real(timers, TIMERS),
    ...real(timersPromises, ['setTimeout', 'setInterval', 'setImmediate']),
  ];
}

/** Puts back every clock and timer that is not the real one. @returns their names */
export function restoreRealTimers(): string[] {
  const changed = (known.sealpipeTimers ?? []).filter(
    ({ owner, name, value }) => Reflect.get(owner, name) !== value,
  );
  for (const { owner, name, value, descriptor } of changed) {
    if (descriptor === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, descriptor);
    // The accessors of some globals keep what they were set to.
    if (Reflect.get(owner, name) !== value) Reflect.set(owner, name, value);
  }
  return [...new Set(changed.map(({ name }) => name))];
}

function real(owner: object, names: readonly string[]): RealTimer[] {
  return names.map((name) => ({
    owner,
    name,
    value: Reflect.get(owner, name),
    descriptor: Object.getOwnPropertyDescriptor(owner, name),
  }));
}
