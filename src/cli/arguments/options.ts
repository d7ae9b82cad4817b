import type { EngineName, LayoutName } from '../../index.js';
import { SUITE_NAMES } from '../../suites.js';
import type { OptionSpec } from './option-spec.js';
import { STORE_OPTIONS } from './store/option-table.js';

const ENGINES: Readonly<Record<EngineName, true>> = { native: true, node: true, noble: true };
const LAYOUTS: Readonly<Record<LayoutName, true>> = { fixed: true, record: true };
const FRAME_SIZES = ['4KiB', '8KiB', '16KiB', '32KiB', '64KiB', '128KiB', '256KiB', '512KiB', '1MiB'];

/** Every option, in the order of the help. */
export const OPTIONS = {
  output: {
    short: 'o',
    value: 'FILE',
    isFile: true,
    about: 'write to FILE, which appears only when complete; - is standard output',
  },
  force: { short: 'f', about: 'replace FILE if it exists' },
  key: {
    short: 'k',
    value: 'KEY',
    repeats: true,
    suggests: ['alias/', 'local:', 'file:'],
    isKey: true,
    about: 'the key to use (see KEYS); can be repeated',
  },
  to: {
    value: 'KEY',
    repeats: true,
    suggests: ['alias/', 'local:', 'file:'],
    isKey: true,
    about: 'the key that replaces the one that opened; repeats',
  },
  add: {
    value: 'KEY',
    repeats: true,
    suggests: ['alias/', 'local:', 'file:'],
    isKey: true,
    about: 'another key that opens FILE; repeats',
  },
  remove: {
    value: 'KEY',
    repeats: true,
    suggests: ['arn:', 'local:', 'file:', 'raw:'],
    isKey: true,
    about: 'a key that no longer opens FILE, named like inspect does; repeats',
  },
  account: {
    value: 'ID',
    repeats: true,
    about: 'open with any AWS KMS key of this account that the stream names; can be repeated',
  },
  context: {
    short: 'c',
    value: 'NAME=VALUE',
    repeats: true,
    about: 'a pair of the encryption context; can be repeated',
  },
  suite: { value: 'SUITE', choices: SUITE_NAMES, about: 'the cipher; AES-256-GCM by default' },
  'frame-size': {
    value: 'SIZE',
    suggests: FRAME_SIZES,
    about: 'plaintext in a frame: a power of two from 4K to 1M; 64K by default',
  },
  layout: {
    value: 'LAYOUT',
    choices: Object.keys(LAYOUTS),
    about: 'record seals every second; FILE appears at once and stays; fixed by default',
  },
  'withhold-context': { about: 'leave the encryption context out of the stream' },
  'no-envelope-padding': { about: 'leave the padding out of the header' },
  'content-type': { value: 'TYPE', about: 'a hint in the header, such as application/x-ndjson' },
  'content-encoding': { value: 'CODING', about: 'a hint in the header, such as gzip' },
  'expected-size': { value: 'SIZE', about: 'fail unless the plaintext has exactly this size' },
  'ok-status': { value: 'LIST', about: 'exit statuses of CMD that also count as success, such as 1 or 1,2' },
  grace: {
    value: 'TIME',
    suggests: ['5s', '30s', '1m'],
    about: 'how long the record layout still reads after a signal; 5s by default',
  },
  'end-on-signal': { about: 'seal the end of the record layout even after a signal' },
  engine: {
    value: 'ENGINE',
    choices: Object.keys(ENGINES),
    about: 'require this implementation of the cipher',
  },
  range: {
    value: 'RANGE',
    takesDash: true,
    about: 'only these bytes of the plaintext: A-B (both included), A- or -N (the last N)',
  },
  digest: { value: 'DIGEST', choices: ['sha256'], about: 'print a digest of the plaintext' },
  sample: {
    value: 'PERCENT',
    suggests: ['1%', '10%'],
    about: 'check only this part of the frames, and the last one',
  },
  'zero-fill': { about: 'write zeros for missing bytes (fixed layout)' },
  head: { value: 'COPY', isFile: true, about: 'a copy of the first bytes of FILE that was kept elsewhere' },
  check: { about: 'unwrap the data key and compare it with the stream, even if that is not necessary' },
  'never-unwrap': { about: 'refuse to unwrap the data key outside of KMS' },
  'break-links': { about: 'replace a file with several names by a copy; the other names keep the old one' },
  'dry-run': { about: 'change nothing and call no key; print what would be done' },
  'rotate-size': { value: 'SIZE', about: 'begin a new segment after this many sealed bytes; 64M by default' },
  'rotate-every': {
    value: 'TIME',
    suggests: ['10m', '1h', '24h'],
    about: 'and after this time; 1h by default',
  },
  'flush-every': {
    value: 'TIME',
    suggests: ['100ms', '1s'],
    about: 'seal lines after this time; 1s by default',
  },
  'flush-size': { value: 'SIZE', about: 'and after this many bytes, at most 512K; 64K by default' },
  compress: {
    value: 'CODING',
    suggests: ['zstd', 'gzip', 'none'],
    about: 'zstd, gzip or none; with a level: zstd:3. zstd by default if Node has it',
  },
  fsync: {
    value: 'WHEN',
    choices: ['flush', 'segment', 'never'],
    about: 'make lines durable at every flush or segment; flush by default',
  },
  heartbeat: {
    value: 'TIME',
    suggests: ['1m', '1h'],
    about: 'after this time without lines, record that the writer runs',
  },
  'on-full': {
    value: 'WHAT',
    choices: ['block', 'drop'],
    about: 'while 16 MiB wait: pause the source, or drop lines; block by default',
  },
  store: {
    value: 'PLACE',
    suggests: ['s3://'],
    about: 's3://bucket/prefix: move segments there when they have ended',
  },
  'max-bytes': {
    value: 'SIZE',
    about: 'with --store: most bytes in DIR that are not stored; 10G by default',
  },
  drain: {
    value: 'TIME',
    suggests: ['0s', '8s', '1m'],
    about: 'with --store: how long to wait for uploads at the end; 8s by default',
  },
  'accept-loss': { about: 'continue an archive that has lost acknowledged lines, and record that' },
  'single-writer': { about: 'nobody else writes to DIR: needed on NFS' },
  metrics: {
    value: 'FILE',
    isFile: true,
    about: 'keep metrics in a file, for the textfile collector of node_exporter',
  },
  since: { value: 'TIME', suggests: ['1h', '1d'], about: 'only lines from this time on (see TIMES)' },
  until: { value: 'TIME', about: 'only lines before this time' },
  grep: { value: 'TEXT', takesDash: true, about: 'only lines with this text: byte for byte, not a pattern' },
  strict: { about: 'open the index of every segment, whatever the names say; a key call for each' },
  lines: { short: 'n', value: 'N', about: 'the last N lines; 10 by default' },
  follow: { short: 'f', about: 'follow the archive' },
  checkpoint: {
    value: 'FILE',
    isFile: true,
    about: 'a checkpoint that was kept elsewhere; also replaces pruned segments',
  },
  'require-closed': { about: 'fail (status 4) unless the archive is closed' },
  before: { value: 'TIME', suggests: ['90d', '365d'], about: 'remove segments whose lines are all older' },
  alias: { value: 'NAME', about: 'give the key the alias alias/NAME' },
  description: { value: 'TEXT', about: 'a description of the key' },
  in: { value: 'TIME', suggests: ['7d', '30d'], about: 'after 7d to 30d; 30d by default' },
  abort: { about: 'remove their parts' },
  ...STORE_OPTIONS,
  json: { about: 'print JSON on standard output' },
  'no-progress': { about: 'do not show progress on a terminal' },
  quiet: { short: 'q', about: 'print errors only' },
  verbose: { short: 'v', about: 'print more, and the causes of errors' },
  help: { short: 'h', about: 'show this help' },
  version: { about: 'show the version and the engines' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof OPTIONS;

/** The description of an option. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}
