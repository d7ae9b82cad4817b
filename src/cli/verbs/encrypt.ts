import type { EngineName } from '../../crypto/aead.js';
import type { LayoutName, StreamHeader, SuiteName } from '../../format/stream-header.js';
import type { EncryptOptions } from '../../streams/encrypt-options.js';
import { openInput } from '../files/input.js';
import { openOutput } from '../files/open-output.js';
import { sealing } from '../files/passage.js';
import { Program } from '../files/program.js';
import { transfer } from '../files/transfer.js';
import type { KeySet } from '../keys/key-set.js';
import { recipientName } from '../keys/recipient-names.js';
import { namedKeys, sealKeys } from '../keys/seal-keys.js';
import type { GivenOptions } from '../line/command-line.js';
import { contextPairs } from '../line/context-pairs.js';
import { frameSizeOption, sizeOption } from '../line/sizes.js';
import { misuse } from '../say/failure.js';
import { formatSize } from '../say/quantities.js';
import { reportEnd } from '../say/summary.js';
import { NOTES, USAGE } from '../say/words.js';
import type { Verb } from '../verb.js';
import { jsonWanted, outputWish } from './output-options.js';
import { unfinished } from './unfinished.js';

/** `sealpipe encrypt`: seals a file, a pipe, or what a program writes. */
export const encryptVerb: Verb = async ({ options, operands, program: words }, session) => {
  const { voice, signal } = session;
  const settings = sealSettings(options);
  const named = namedKeys(options, session.env);
  const asJson = jsonWanted(options);
  const program = words && new Program(words, session);
  const input = program ? undefined : await openInput(operands[0]);
  if (input?.isTerminal) voice.note(NOTES.readingTerminal());
  const output = await openOutput(outputWish(options, input, USAGE.ciphertextToTerminal()), session);
  const begun = ({ suite, frameSize, layout, recipients }: StreamHeader) => {
    voice.detail(NOTES.sealing(suite, formatSize(frameSize), layout));
    voice.detail(NOTES.sealedFor(recipients.map(recipientName)));
  };
  let keys: KeySet | undefined;
  try {
    keys = await sealKeys(named, session);
    const confirm = program?.succeeded ?? (() => input!.assertNotCut());
    const sealOptions = { ...settings, keys: keys.providers, confirm, signal };
    const passage = await sealing(input ?? program!, output, sealOptions, begun);
    const total = settings.expectedLength ?? input?.size;
    const sourceName = input?.name ?? program!.name;
    const milliseconds = await transfer({ passage, sourceName, total, output }, voice).catch((error) => {
      throw unfinished(error, { output, bytesOut: passage.bytesOut, signal });
    });
    await output.commit();
    await reportEnd({ verb: 'encrypt', sourceName, output, passage, milliseconds, asJson }, voice);
  } catch (error) {
    program?.stop();
    await output.discard();
    throw error;
  } finally {
    await input?.close();
    await keys?.close();
  }
};

/** What the options say of the stream, checked as far as that goes without a key. */
function sealSettings(options: GivenOptions): Omit<EncryptOptions, 'keys'> {
  const type = options.text('content-type');
  const encoding = options.text('content-encoding');
  const hints = { ...(type !== undefined && { type }), ...(encoding !== undefined && { encoding }) };
  if (options.has('withhold-context') && !options.has('context')) throw misuse(USAGE.nothingToWithhold());
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
