import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { EngineName } from '../../crypto/aead.js';
import type { LayoutName, SuiteName } from '../../format/stream-header.js';
import type { EncryptOptions } from '../../streams/encrypt-options.js';
import { createEncryptStream } from '../../streams/encrypt-stream.js';
import type { Input } from '../files/input.js';
import { openInput } from '../files/input.js';
import { openOutput } from '../files/open-output.js';
import { Program } from '../files/program.js';
import { flushEverySecond } from '../files/steady-flush.js';
import { transfer } from '../files/transfer.js';
import type { KeySet } from '../keys/key-set.js';
import { recipientName } from '../keys/recipient-names.js';
import { namedKeys, sealKeys } from '../keys/seal-keys.js';
import type { GivenOptions } from '../line/command-line.js';
import { contextPairs } from '../line/context-pairs.js';
import { frameSizeOption, sizeOption } from '../line/sizes.js';
import { formatSize } from '../say/quantities.js';
import { reportEnd } from '../say/summary.js';
import { NOTES, USAGE } from '../say/words.js';
import type { Verb } from '../verb.js';
import { jsonWanted, outputWish } from './output-options.js';

/** `sealpipe encrypt`: seals a file, a pipe, or what a program writes. */
export const encryptVerb: Verb = async ({ options, operands, program: words }, session) => {
  const settings = sealSettings(options);
  const named = namedKeys(options, session.env);
  const asJson = jsonWanted(options);
  const program = words && new Program(words, session);
  const input = program ? undefined : await openInput(operands[0]);
  if (input?.isTerminal) session.voice.note(NOTES.readingTerminal());
  const output = await openOutput(outputWish(options, input, USAGE.ciphertextToTerminal()), session);
  let keys: KeySet | undefined;
  try {
    keys = await sealKeys(named, session);
    const { signal } = session;
    const confirm = program?.succeeded;
    const stream = createEncryptStream({ ...settings, keys: keys.providers, confirm, signal });
    stream.once('header', ({ suite, frameSize, layout, recipients }) => {
      session.voice.detail(NOTES.sealing(suite, formatSize(frameSize), layout));
      session.voice.detail(NOTES.sealedFor(recipients.map(recipientName)));
    });
    if (settings.layout === 'record') flushEverySecond(stream);
    // A program is started once the key is there: without it, its work would be for nothing.
    if (program) await once(stream, 'header');
    const source = await sourceOf(input, program);
    const total = settings.expectedLength ?? input?.size;
    const sourceName = input?.name ?? program!.name;
    const milliseconds = await transfer({ source, sourceName, total, stream, output }, session);
    await output.commit();
    await reportEnd({ verb: 'encrypt', sourceName, output, stream, milliseconds, asJson }, session.voice);
  } catch (error) {
    program?.stop();
    input?.stream.destroy();
    await output.discard();
    throw error;
  } finally {
    await keys?.close();
  }
};

function sourceOf(input: Input | undefined, program: Program | undefined): Readable | Promise<Readable> {
  return input?.stream ?? program!.start();
}

/** What the options say of the stream, checked as far as that goes without a key. */
function sealSettings(options: GivenOptions): Omit<EncryptOptions, 'keys'> {
  const type = options.text('content-type');
  const encoding = options.text('content-encoding');
  const hints = { ...(type !== undefined && { type }), ...(encoding !== undefined && { encoding }) };
  return {
    suite: options.text('suite') as SuiteName | undefined,
    layout: options.text('layout') as LayoutName | undefined,
    engine: options.text('engine') as EngineName | undefined,
    frameSize: frameSizeOption(options),
    encryptionContext: contextPairs(options.texts('context')),
    withholdContext: options.has('withhold-context'),
    content: Object.keys(hints).length > 0 ? hints : undefined,
    expectedLength: sizeOption(options, 'expected-size'),
  };
}
