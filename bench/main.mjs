// @ts-check
import { engines } from 'sealpipe';
import { callsPart } from './evp/calls-part.mjs';
import { filesPart } from './files/files-part.mjs';
import { logsPart } from './logs/logs-part.mjs';
import { machine, machineText } from './machine.mjs';
import { memoryPart } from './memory/memory-part.mjs';
import { messagesPart } from './messages/messages-part.mjs';
import { readOptions, USAGE, UsageError } from './options.mjs';
import { pinoPart } from './pino/pino-part.mjs';
import { pipesPart } from './pipes/pipes-part.mjs';
import { plottedCases } from './plot/panel.mjs';
import { streamsPart } from './quick/streams-part.mjs';
import { comparison } from './report/compare.mjs';
import { loadResults, resultsText, saveResults } from './report/results.mjs';
import { verdicts } from './report/verdicts.mjs';
import { s3Part } from './s3/s3-part.mjs';
import { sealedPart } from './sealed/sealed-part.mjs';
import { startPart } from './start/start-part.mjs';
import { measuredTable, tablePart } from './table/table-part.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./report/part.mjs').Findings} Findings */
/** @typedef {import('./report/part.mjs').Say} Say */

/** @type {Record<import('./options.mjs').Part, (say: Say, options: Options) => Promise<Findings>>} */
const RUNNERS = {
  streams: streamsPart,
  calls: callsPart,
  table: tablePart,
  chart: (say) => measuredTable(say, plottedCases(engines())),
  messages: messagesPart,
  memory: memoryPart,
  pipes: (say, { fileSize, folder }) => pipesPart(say, { size: fileSize, folder }),
  logs: (say, { folder }) => logsPart(say, { folder }),
  pino: (say, { folder }) => pinoPart(say, { folder }),
  sealed: (say, { fileSize, folder }) => sealedPart(say, { size: fileSize, folder }),
  s3: (say, { fileSize, folder }) => s3Part(say, { size: fileSize, folder }),
  start: startPart,
  files: (say, { fileSize, folder, targets }) => filesPart(say, { size: fileSize, folder, targets }),
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
  // Before anything is measured: a baseline that cannot be read is said at once.
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
