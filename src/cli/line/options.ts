import type { EngineName } from '../../crypto/aead.js';
import { SUITES } from '../../crypto/suites.js';
import type { LayoutName } from '../../format/stream-header.js';

/** An option of the command. */
export interface OptionSpec {
  readonly short?: string;
  /** What its value is called in the help; absent: it takes none. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeats?: true;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** Values that completion offers among others. */
  readonly suggests?: readonly string[];
  /** Its value is the name of a file. */
  readonly isFile?: true;
  /** Its value names a key, of the embedded KMS among others. */
  readonly isKey?: true;
  readonly about: string;
}

const ENGINES: Readonly<Record<EngineName, true>> = { native: true, node: true, noble: true };
const LAYOUTS: Readonly<Record<LayoutName, true>> = { fixed: true, record: true };
const FRAME_SIZES = ['4KiB', '8KiB', '16KiB', '32KiB', '64KiB', '128KiB', '256KiB', '512KiB', '1MiB'];

/** Every option, in the order of the help. */
export const OPTIONS = {
  output: {
    short: 'o',
    value: 'FILE',
    isFile: true,
    about: 'write to FILE, whole or not at all; - is standard output',
  },
  force: { short: 'f', about: 'replace FILE where it exists' },
  key: {
    short: 'k',
    value: 'KEY',
    repeats: true,
    suggests: ['alias/', 'local:', 'file:'],
    isKey: true,
    about: 'the key to use; give it again for several (see KEYS)',
  },
  account: {
    value: 'ID',
    repeats: true,
    about: 'open with any AWS KMS key of this account, which the stream may name; repeats',
  },
  context: {
    short: 'c',
    value: 'NAME=VALUE',
    repeats: true,
    about: 'a pair of the encryption context; repeats',
  },
  suite: { value: 'SUITE', choices: Object.keys(SUITES), about: 'the cipher; AES-256-GCM unless told' },
  'frame-size': {
    value: 'SIZE',
    suggests: FRAME_SIZES,
    about: 'plaintext in a frame: 4KiB to 1MiB, a power of two; 64KiB unless told',
  },
  layout: {
    value: 'LAYOUT',
    choices: Object.keys(LAYOUTS),
    about: 'fixed, or record: what has come is sealed every second',
  },
  'withhold-context': { about: 'keep the encryption context out of the stream' },
  'content-type': { value: 'TYPE', about: 'a hint in the header, such as application/x-ndjson' },
  'content-encoding': { value: 'CODING', about: 'a hint in the header, such as gzip' },
  'expected-size': { value: 'SIZE', about: 'fail unless exactly this much plaintext comes' },
  'ok-status': { value: 'LIST', about: 'exit statuses of CMD that are no failure, beside 0: 1 or 1,2' },
  engine: {
    value: 'ENGINE',
    choices: Object.keys(ENGINES),
    about: 'insist on an implementation of the cipher',
  },
  alias: { value: 'NAME', about: 'let alias/NAME stand for the new key' },
  description: { value: 'TEXT', about: 'say what the key is for' },
  json: { about: 'answer in JSON on standard output' },
  'no-progress': { about: 'show no progress, not even on a terminal' },
  quiet: { short: 'q', about: 'say nothing but errors' },
  verbose: { short: 'v', about: 'say more, and show the causes of errors' },
  help: { short: 'h', about: 'show this help' },
  version: { about: 'show the version and the engines' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof OPTIONS;

/** The description of an option. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}
