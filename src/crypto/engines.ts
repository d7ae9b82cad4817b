import { optionsRangeError } from '../errors.js';
import type { SuiteName } from '../suites.js';
import { SUITE_NAMES } from '../suites.js';
import type { Engine, EngineName } from './aead.js';
import { nativeEngine } from './native/engine.js';
import { nobleEngine } from './noble/engine.js';
import { nodeEngine } from './node-engine.js';
import { selfTest } from './self-test.js';

/** Which engine serves a suite on this machine. */
export interface SuiteReport {
  /** The suite that this is about. */
  readonly suite: SuiteName;
  /** The engine that streams use by default; null if no engine here serves the suite. */
  readonly engine: EngineName | null;
  /** The engines that do not serve it, and why. */
  readonly unavailable: Readonly<Partial<Record<EngineName, string>>>;
}

/** The answer of {@link engines}: one row for each suite. */
export type EngineReport = readonly SuiteReport[];

/** Fastest first. */
const ENGINES: readonly Engine[] = [nativeEngine, nodeEngine, nobleEngine];
const verdicts = new Map<string, string | undefined>();

/**
 * Reports which engine serves each suite here, and why the others cannot. Runs every self-test that has not been run in
 * this process. An engine that fails its self-test is not used.
 *
 * @example
 * for (const { suite, engine, unavailable } of engines()) console.log(suite, engine, unavailable);
 */
export function engines(): EngineReport {
  return SUITE_NAMES.map((suite) => {
    const unavailable: Partial<Record<EngineName, string>> = {};
    for (const engine of ENGINES) {
      const why = verdict(engine, suite);
      if (why !== undefined) unavailable[engine.name] = why;
    }
    const engine = ENGINES.find(({ name }) => unavailable[name] === undefined);
    return { suite, engine: engine?.name ?? null, unavailable };
  });
}

/** The names that `pickEngine` takes. */
export function engineNames(): readonly EngineName[] {
  return ENGINES.map(({ name }) => name);
}

/**
 * Picks the fastest engine that serves a suite and passes its self-test.
 *
 * @param pinned the engine that the caller insists on
 * @throws RangeError `ERR_SEALPIPE_OPTIONS` if the pinned one, or every one, is missing
 */
export function pickEngine(suite: SuiteName, pinned?: EngineName): Engine {
  const reasons: string[] = [];
  for (const engine of ENGINES) {
    if (pinned !== undefined && engine.name !== pinned) continue;
    const why = verdict(engine, suite);
    if (why === undefined) return engine;
    reasons.push(pinned === undefined ? `${engine.name}: ${why}` : why);
  }
  const who =
    pinned === undefined ? `No engine serves ${suite}` : `The engine ${pinned} does not serve ${suite}`;
  throw optionsRangeError(`${who} here (${reasons.join('; ')})`);
}

/** The engines that would be faster for a suite but cannot serve it, and why not. */
export function passedOver(suite: SuiteName, serving: EngineName): Partial<Record<EngineName, string>> {
  const reasons: Partial<Record<EngineName, string>> = {};
  for (const engine of ENGINES) {
    if (engine.name === serving) break;
    const why = verdict(engine, suite);
    if (why !== undefined) reasons[engine.name] = why;
  }
  return reasons;
}

/** Why an engine cannot serve a suite. Determined once in a process. */
function verdict(engine: Engine, suite: SuiteName): string | undefined {
  const id = `${engine.name} ${suite}`;
  if (!verdicts.has(id)) verdicts.set(id, engine.missing(suite) ?? selfTest(engine, suite));
  return verdicts.get(id);
}
