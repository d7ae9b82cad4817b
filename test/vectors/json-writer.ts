import type { ContentHints, LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';
import type { JsonBytes } from './json-bytes.js';
import { decodeBytes, encodeBytes } from './json-bytes.js';
import type { FrameRun, WriterInputs, WriterRecipient } from './writer-inputs.js';

/** The inputs of a writer as they stand in a file; README.md says what each is. */
export interface JsonWriter {
  readonly frameSizeLog2: number;
  readonly dataKey: string;
  readonly salt: string;
  readonly created: number;
  readonly context: readonly (readonly [string, string])[];
  readonly withholdContext?: true;
  readonly chain?: { archive: string; index: number; previous: string; closed?: true };
  readonly content?: ContentHints;
  readonly recipients: readonly JsonRecipient[];
  readonly padding: boolean;
  readonly frames: readonly FrameRun[];
  readonly plaintext: JsonBytes;
}

interface JsonRecipient {
  readonly provider: string;
  readonly key: string;
  readonly wrapped: JsonBytes;
  readonly raw?: { readonly wrappingKey: string; readonly r: string };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (digits: string): Buffer => Buffer.from(digits, 'hex');

export function encodeWriter(inputs: WriterInputs): JsonWriter {
  const { frameSizeLog2, created, context, withholdContext, chain, content, padding, frames } = inputs;
  return {
    frameSizeLog2,
    dataKey: hex(inputs.dataKey),
    salt: hex(inputs.salt),
    created,
    context,
    ...(withholdContext && { withholdContext }),
    ...(chain && {
      chain: {
        archive: hex(chain.archive),
        index: chain.index,
        previous: hex(chain.previous),
        ...(chain.closed && { closed: true }),
      },
    }),
    ...(content && { content }),
    recipients: inputs.recipients.map(encodeRecipient),
    padding,
    frames,
    plaintext: encodeBytes(inputs.plaintext),
  };
}

function encodeRecipient({ provider, key, wrapped, raw }: WriterRecipient): JsonRecipient {
  return {
    provider,
    key,
    wrapped: encodeBytes(wrapped),
    ...(raw && { raw: { wrappingKey: hex(raw.wrappingKey), r: hex(raw.r) } }),
  };
}

export function decodeWriter(suite: SuiteName, layout: LayoutName, json: JsonWriter): WriterInputs {
  const { frameSizeLog2, created, context, withholdContext = false, chain, content } = json;
  return {
    suite,
    layout,
    frameSizeLog2,
    dataKey: unhex(json.dataKey),
    salt: unhex(json.salt),
    created,
    context,
    withholdContext,
    chain: chain && { ...chain, archive: unhex(chain.archive), previous: unhex(chain.previous) },
    content,
    recipients: json.recipients.map(({ provider, key, wrapped, raw }) => ({
      provider,
      key,
      wrapped: decodeBytes(wrapped),
      raw: raw && { wrappingKey: unhex(raw.wrappingKey), r: unhex(raw.r) },
    })),
    padding: json.padding,
    frames: json.frames,
    plaintext: decodeBytes(json.plaintext),
  };
}
