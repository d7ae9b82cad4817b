// @ts-check
import { parseArgs } from 'node:util';
import { formatSize, GIB, parseSize } from './sizes.mjs';
import { AXES } from './table/cases.mjs';

/** @typedef {import('./table/cases.mjs').Selection} Selection */

/** What is measured by default, in this order. */
export const PARTS = /** @type {const} */ ([
  'streams',
  'calls',
  'table',
  'messages',
  'memory',
  'files',
  'pipes',
  'sealed',
  'logs',
  'pino',
  's3',
  'start',
]);

/** The cases of the table that the chart shows. */
const CHART = 'chart';

/** @typedef {(typeof PARTS)[number] | typeof CHART} Part */

/**
 * @typedef {object} Options
 * @property {readonly Part[]} parts
 * @property {Selection | undefined} selection the cases of the table; undefined: the default ones
 * @property {boolean} full axes that the selection does not name take all their values
 * @property {boolean} targets files of the size that the targets name
 * @property {boolean} json
 * @property {string | undefined} save
 * @property {string | undefined} compare
 * @property {number} fileSize bytes
 * @property {string | undefined} folder where files are made
 */

export const USAGE = `npm run bench -- [OPTIONS]

Without options it measures everything, which takes over ten minutes.

  --quick              only the most important ratios: about three minutes
  --targets            the quick run, memory, and a file of 8 GiB: each figure beside its target
  --part PART          only this part; may be repeated (${PARTS.join(', ')};
                       chart: the cases of the table that bench:plot draws)
  --engine NAME        in the table, only cases with this value; each may be repeated, and takes
  --suite NAME           a list with commas. The others stay at 64 KiB frames and chunks, the
  --frame SIZE           suite AES-256-GCM and the layout fixed, with every engine and in both
  --chunk SIZE           directions
  --direction NAME
  --layout NAME
  --full               options that are not given take every value
  --file-size SIZE     of the files and of the uploads; 1GiB by default
  --folder DIR         where the files are made; by default the temporary folder, for pipes /dev/shm
  --json               print JSON and nothing else
  --save FILE          write the JSON to FILE
  --compare FILE       show which ratios moved since FILE was saved
  --help`;

/** What is wrong with the options. */
export class UsageError extends Error {}

const AXIS_NAMES = /** @type {(keyof typeof AXES)[]} */ (Object.keys(AXES));

/**
 * @param {readonly string[]} args
 * @returns {Options | 'help'}
 * @throws UsageError
 */
export function readOptions(args) {
  const values = parsed(args);
  if (values.help) return 'help';
  const selection = selectionOf(values);
  const selected = selection !== undefined || values.full;
  return {
    parts: partsOf(values, selected),
    selection: selection ?? (values.full ? {} : undefined),
    full: values.full,
    targets: values.targets,
    json: values.json,
    save: values.save,
    compare: values.compare,
    folder: values.folder,
    fileSize: values.targets ? 8 * GIB : fileSize(values['file-size'] ?? '1GiB'),
  };
}

/** @param {readonly string[]} args */
function parsed(args) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const text = /** @type {const} */ ({ type: 'string' });
  const list = /** @type {const} */ ({ type: 'string', multiple: true });
  const flags = { help: flag, quick: flag, targets: flag, full: flag, json: flag };
  const texts = { save: text, compare: text, folder: text, 'file-size': text };
  const axes = { engine: list, suite: list, frame: list, chunk: list, direction: list, layout: list };
  try {
    return parseArgs({ args: [...args], options: { ...flags, ...texts, ...axes, part: list } }).values;
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {{ quick: boolean, targets: boolean, part?: string[] }} values
 * @param {boolean} selected
 * @returns {readonly Part[]}
 */
function partsOf({ quick, targets, part }, selected) {
  if (Number(quick) + Number(targets) + Number(part !== undefined) + Number(selected) > 1)
    throw new UsageError('--quick, --targets, --part and a choice of cases exclude each other');
  if (part !== undefined) {
    const named = part.flatMap((value) => value.split(','));
    return named.map((name) => oneOf([...PARTS, CHART], name, '--part'));
  }
  if (selected) return ['table'];
  if (quick) return ['streams', 'calls'];
  if (targets) return ['streams', 'calls', 'memory', 'files'];
  return PARTS;
}

/**
 * @param {{ [A in keyof typeof AXES]?: string[] }} values
 * @returns {Selection | undefined}
 */
function selectionOf(values) {
  const entries = AXIS_NAMES.flatMap((axis) => {
    const given = values[axis]?.flatMap((value) => value.split(','));
    if (given === undefined) return [];
    /** @type {readonly (string | number)[]} */
    const known = AXES[axis];
    const sized = axis === 'frame' || axis === 'chunk';
    return [[axis, given.map((value) => oneOf(known, sized ? parseSize(value) : value, `--${axis}`, value))]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/**
 * @template {string | number} T
 * @param {readonly T[]} known
 * @param {string | number} value
 * @param {string} option
 * @param {string | number} given as it was written
 * @returns {T}
 */
function oneOf(known, value, option, given = value) {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const names = known.map((one) => (typeof one === 'number' ? formatSize(one) : one));
  throw new UsageError(`${option} ${given}: it is one of ${names.join(', ')}`);
}

/** @param {string} text */
function fileSize(text) {
  const size = parseSize(text);
  if (Number.isNaN(size)) throw new UsageError(`--file-size ${text}: a size is such as 512MiB or 8GiB`);
  return size;
}
