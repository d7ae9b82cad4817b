// @ts-check
import { machine, machineText } from './machine.mjs';
import { readOptions, USAGE, UsageError } from './options.mjs';
import { comparison } from './report/compare.mjs';
import { loadResults, resultsText, saveResults } from './report/results.mjs';
import { verdicts } from './report/verdicts.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./report/part.mjs').Findings} Findings */
/** @typedef {import('./report/part.mjs').Say} Say */

/**
 * Each part is loaded when it runs: all of them together take most of a second.
 *
 * @type {Record<import('./options.mjs').Part, (say: Say, options: Options) => Promise<Findings>>}
 */
const RUNNERS = {
  streams: async (say) => (await import('./quick/streams-part.mjs')).streamsPart(say),
  calls: async (say) => (await import('./evp/calls-part.mjs')).callsPart(say),
  table: async (say, options) => (await import('./table/table-part.mjs')).tablePart(say, options),
  chart: async (say) => {
    const { engines } = await import('sealpipe');
    const { plottedCases } = await import('./plot/panel.mjs');
    const { measuredTable } = await import('./table/table-part.mjs');
    return measuredTable(say, plottedCases(engines()));
  },
  messages: async (say) => (await import('./messages/messages-part.mjs')).messagesPart(say),
  memory: async (say) => (await import('./memory/memory-part.mjs')).memoryPart(say),
  pipes: async (say, { fileSize, folder }) =>
    (await import('./pipes/pipes-part.mjs')).pipesPart(say, { size: fileSize, folder }),
  logs: async (say, { folder }) => (await import('./logs/logs-part.mjs')).logsPart(say, { folder }),
  pino: async (say, { folder }) => (await import('./pino/pino-part.mjs')).pinoPart(say, { folder }),
  sealed: async (say, { fileSize, folder }) =>
    (await import('./sealed/sealed-part.mjs')).sealedPart(say, { size: fileSize, folder }),
  s3: async (say, { fileSize, folder }) =>
    (await import('./s3/s3-part.mjs')).s3Part(say, { size: fileSize, folder }),
  start: async (say) => (await import('./start/start-part.mjs')).startPart(say),
  files: async (say, { fileSize, folder, targets }) =>
    (await import('./files/files-part.mjs')).filesPart(say, { size: fileSize, folder, targets }),
};

const args = process.argv.slice(2);
try {
  const options = readOptions(args);
  if (options === 'help') console.log(USAGE);
  else await bench(options);
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message} (--help says more)` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @param {Options} options */
async function bench(options) {
  // First, so that a baseline that cannot be read fails before anything is measured.
  const baseline = options.compare === undefined ? undefined : loadResults(options.compare);
  /** @type {Say} */
  const say = options.json ? () => undefined : (line) => console.log(line);
  say(machineText(machine()));
  /** @type {Findings[]} */
  const findings = [];
  for (const part of options.parts) {
    say('');
    findings.push(await RUNNERS[part](say, options));
  }
  /** @type {import('./report/results.mjs').Results} */
  const results = {
    format: 1,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine: machine(),
    figures: findings.flatMap(({ figures }) => figures),
    measurements: findings.flatMap(({ measurements }) => measurements ?? []),
    leftOut: findings.flatMap(({ leftOut }) => leftOut ?? []),
  };
  const closing = [
    results.leftOut.map((why) => `left out: ${why}`),
    verdicts(results.figures),
    baseline === undefined ? [] : comparison(baseline, results),
  ];
  for (const lines of closing.filter(({ length }) => length > 0)) say(['', ...lines].join('\n'));
  if (options.json) process.stdout.write(resultsText(results));
  if (options.save !== undefined) saveResults(options.save, results);
}
