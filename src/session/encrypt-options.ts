import { copyOf } from '../bytes.js';
import type { Engine } from '../crypto/aead.js';
import { pickEngine } from '../crypto/engines.js';
import { optionsRangeError, optionsTypeError } from '../errors.js';
import { boundSize } from '../format/bound.js';
import type { CanonicalContext } from '../format/encryption-context.js';
import { canonicalContext } from '../format/encryption-context.js';
import { LAYOUTS } from '../format/prologue.js';
import type { ChainLink, ContentHints, LayoutName } from '../format/stream-header.js';
import {
  DEFAULT_FRAME_SIZE,
  MAX_FRAME_SIZE_LOG2,
  MAX_PLAINTEXT,
  MAX_SECTION_SIZE,
  MAX_UINT,
  MIN_FRAME_SIZE_LOG2,
} from '../limits.js';
import type { OptionNames } from '../options.js';
import { booleanOption, readOptions } from '../options.js';
import { isBytes } from '../realms.js';
import type { SuiteName } from '../suites.js';
import { SUITE_NAMES, suiteNamed } from '../suites.js';
import { isWellFormed } from '../text/well-formed.js';
import type { StreamOptions, StreamSettings } from './stream-options.js';
import { STREAM_OPTIONS, size, streamSettings } from './stream-options.js';

/** Options of `createEncryptStream` and `encrypt`. */
export interface EncryptOptions extends StreamOptions {
  /**
   * Pairs of well-formed strings, bound to the stream and to its data key; no key is empty, and all together take at most
   * 8,192 bytes (FORMAT 4). Readable in the stream unless withheld, and in the logs of KMS: no secrets. Default: `{}`.
   */
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** The cipher of the frames. Its name may be in lower case. Default: `AES-256-GCM`. */
  readonly suite?: SuiteName | undefined;
  /** Plaintext bytes of a full frame: a power of two from 4,096 to 1,048,576. Default: 65,536. */
  readonly frameSize?: number | undefined;
  /** How the stream is cut into frames. Default: `fixed`. `record` allows `flush()`. */
  readonly layout?: LayoutName | undefined;
  /** Keeps the encryption context out of the stream: a reader must then supply all of it. */
  readonly withholdContext?: boolean | undefined;
  /**
   * Pads the envelope to a multiple of 1,024 bytes, so that a stream can be re-wrapped in place. False makes the
   * preamble as small as it can be; a later re-wrap may not fit into it. Default: true.
   */
  readonly envelopePadding?: boolean | undefined;
  /** Hints about the plaintext that the header shows, in the clear. */
  readonly content?: { readonly [K in keyof ContentHints]: ContentHints[K] | undefined } | undefined;
  /** The stream's place in an archive (FORMAT 8). A closing segment holds no plaintext. */
  readonly chain?:
    | (Omit<ChainLink, 'closed'> & {
        /** The archive ends with this segment. */
        readonly closed?: true | undefined;
      })
    | undefined;
  /**
   * The length of the plaintext in bytes. If it differs, the stream fails with `ERR_SEALPIPE_LENGTH` and has no last
   * frame.
   */
  readonly expectedLength?: number | undefined;
  /**
   * Must resolve before the last frame is sealed, so that a source that ends early but cleanly never looks complete.
   * A function is called once, after the last byte. A rejection or a throw fails the stream with
   * `ERR_SEALPIPE_CONFIRM`, and is its cause. The value that it resolves with does not matter.
   */
  readonly confirm?: PromiseLike<unknown> | (() => unknown) | undefined;
}

/** The checked options. */
export interface EncryptSettings extends StreamSettings {
  readonly context: CanonicalContext;
  readonly suite: SuiteName;
  readonly frameSize: number;
  readonly layout: LayoutName;
  readonly sealEngine: Engine;
  readonly withholdContext: boolean;
  readonly envelopePadding: boolean;
  readonly content: ContentHints | undefined;
  readonly chain: ChainLink | undefined;
  readonly expectedLength: number | undefined;
  readonly confirm: PromiseLike<unknown> | (() => unknown) | undefined;
}

const NAMES: OptionNames<EncryptOptions> = {
  ...STREAM_OPTIONS,
  encryptionContext: true,
  suite: true,
  frameSize: true,
  layout: true,
  withholdContext: true,
  envelopePadding: true,
  content: true,
  chain: true,
  expectedLength: true,
  confirm: true,
};
const CONTENT: OptionNames<ContentHints> = { encoding: true, type: true };
const CHAIN: OptionNames<ChainLink> = { archive: true, index: true, previous: true, closed: true };

/**
 * Checks the options of sealing.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`
 */
export function encryptSettings(given: EncryptOptions): EncryptSettings {
  const options = readOptions('Sealing', given, NAMES);
  const settings = streamSettings(options);
  const { layout = 'fixed', frameSize = DEFAULT_FRAME_SIZE } = options;
  const suite = options.suite === undefined ? 'AES-256-GCM' : suiteNamed(options.suite);
  if (suite === undefined) {
    throw optionsTypeError(`\`suite\` must be one of ${SUITE_NAMES.join(', ')}`);
  }
  if (!LAYOUTS.includes(layout)) throw optionsTypeError(`\`layout\` must be one of ${LAYOUTS.join(', ')}`);
  if (typeof frameSize !== 'number') throw optionsTypeError('`frameSize` must be a number');
  // Rounded, because the logarithm of a fraction may be a whole number.
  const log2 = Math.round(Math.log2(frameSize));
  if (frameSize !== 2 ** log2 || log2 < MIN_FRAME_SIZE_LOG2 || log2 > MAX_FRAME_SIZE_LOG2) {
    throw optionsRangeError('`frameSize` must be a power of two from 4096 to 1048576');
  }
  const withholdContext = booleanOption('withholdContext', options.withholdContext);
  const envelopePadding = booleanOption('envelopePadding', options.envelopePadding, true);
  const { confirm } = options;
  if (confirm !== undefined && typeof confirm !== 'function' && typeof confirm?.then !== 'function') {
    throw optionsTypeError('`confirm` must be a promise or a function');
  }
  const content = contentHints(options.content);
  const chain = chainLink(options.chain);
  const { encryptionContext = {} } = options;
  const context = canonicalContext(encryptionContext);
  // Nothing else in it can be long: the context has its own, much lower bound.
  if (
    content &&
    boundSize({ context, created: MAX_UINT, content, ...(chain && { chain }) }) > MAX_SECTION_SIZE
  ) {
    throw optionsRangeError('The content hints and the encryption context together are too long');
  }
  return {
    ...settings,
    context,
    suite,
    frameSize,
    layout,
    sealEngine: pickEngine(suite, settings.engine),
    withholdContext,
    envelopePadding,
    content,
    chain,
    expectedLength: expectedLength(options, chain),
    confirm,
  };
}

function expectedLength(options: EncryptOptions, chain: ChainLink | undefined): number | undefined {
  const length = size(options, 'expectedLength');
  if (length !== undefined && length > MAX_PLAINTEXT) {
    throw optionsRangeError(`\`expectedLength\` is over the ${MAX_PLAINTEXT} bytes that a stream can hold`);
  }
  if (!chain?.closed) return length;
  if (length !== undefined && length > 0)
    throw optionsRangeError('A segment that closes an archive has no plaintext');
  return 0;
}

function contentHints(content: EncryptOptions['content']): ContentHints | undefined {
  if (content === undefined) return undefined;
  if (typeof content !== 'object' || content === null) throw optionsTypeError('`content` must be an object');
  const { encoding, type } = readOptions<ContentHints>('`content`', content, CONTENT);
  for (const hint of [encoding, type]) {
    if (hint !== undefined && (typeof hint !== 'string' || !isWellFormed(hint))) {
      throw optionsTypeError('`content.encoding` and `content.type` must be well-formed strings');
    }
  }
  return { ...(encoding !== undefined && { encoding }), ...(type !== undefined && { type }) };
}

function chainLink(chain: EncryptOptions['chain']): ChainLink | undefined {
  if (chain === undefined) return undefined;
  if (typeof chain !== 'object' || chain === null) throw optionsTypeError('`chain` must be an object');
  const { archive, index, previous, closed } = readOptions<ChainLink>('`chain`', chain, CHAIN);
  if (!isBytes(archive) || archive.length !== 16) {
    throw optionsTypeError('`chain.archive` must be a Uint8Array of 16 bytes');
  }
  if (!isBytes(previous) || previous.length !== 32) {
    throw optionsTypeError('`chain.previous` must be a Uint8Array of 32 bytes');
  }
  if (typeof index !== 'number') throw optionsTypeError('`chain.index` must be a number');
  if (!Number.isInteger(index) || index < 0 || index > MAX_UINT) {
    throw optionsRangeError(`\`chain.index\` must be a whole number from 0 to ${MAX_UINT}`);
  }
  if (index === 0 && previous.some((byte) => byte !== 0)) {
    throw optionsRangeError('`chain.previous` must be zeros for the first segment of an archive');
  }
  if (closed !== undefined && closed !== true)
    throw optionsTypeError('`chain.closed` must be true, or left out');
  return { archive: copyOf(archive), index, previous: copyOf(previous), ...(closed && { closed }) };
}
