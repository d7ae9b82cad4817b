// @ts-check

const MAJOR = Number(process.versions.node.split('.')[0]);

/** What must be reached, by major version of Node; `any` is for all versions that are not named. */
const LEAST = {
  encrypt: { 20: 1.1, 24: 1.3 },
  decrypt: { 20: 1.0, 24: 1.15 },
  smallFrames: { any: 0.7 },
  awsDefault: { 24: 15 },
  awsUnsigned: { 24: 2.5 },
  sealedFromC: { any: 0.9 },
  ageCommand: { 24: 2 },
  // 0.85 of the time that age takes.
  ageFile: { any: 1.18 },
  sealedStream: { any: 0.8 },
  verify: { any: 0.95 },
  // 0.9 of the time that age takes.
  agePipe: { any: 1.11 },
  pinoStored: { any: 0.9 },
  pinoZstd: { any: 0.7 },
  // Of text, in a second.
  logsCat: { any: 200 },
};

const MOST = {
  memoryGrowth: { any: 16 },
  memoryAboveRaw: { any: 64 },
  sealedReads: { any: 4 },
  sealedFrames: { any: 3 },
  sealedRead: { any: 2 },
  startImport: { any: 0.5 },
  startKey: { any: 0.65 },
  startKms: { any: 0.7 },
  startMemory: { any: 0.85 },
  agePipeCpu: { any: 1 },
  s3Cpu: { 24: 0.6 },
  // 32 MiB of parts in flight, and as much again.
  s3Memory: { any: 64 },
  // Microseconds a line.
  pinoStoredCpu: { any: 0.4 },
  pinoZstdCpu: { any: 1.3 },
  pinoLost: { any: 0 },
  // Behind the interval in which lines are flushed.
  logsFollow: { any: 50 },
  // Garbage that waits for its collection: twice the lines take no more.
  logsMemory: { any: 64 },
  logsHour: { any: 2 },
};

/**
 * @param {keyof typeof LEAST} name
 * @param {number} major of the Node that is measured
 * @returns {{ least: number } | undefined}
 */
export function atLeast(name, major = MAJOR) {
  const least = valueFor(LEAST[name], major);
  return least === undefined ? undefined : { least };
}

/**
 * @param {keyof typeof MOST} name of memory: MiB; of logs also milliseconds and seconds
 * @param {number} major
 * @returns {{ most: number } | undefined}
 */
export function atMost(name, major = MAJOR) {
  const most = valueFor(MOST[name], major);
  return most === undefined ? undefined : { most };
}

/**
 * @param {Readonly<Record<string, number>>} values
 * @param {number} major
 */
function valueFor(values, major) {
  return values[major] ?? values['any'];
}
