import { headerOf } from '../files/header.js';
import { openInput } from '../files/input.js';
import { openOutput } from '../files/open-output.js';
import { writeText } from '../files/write-text.js';
import { KeyGuard } from '../keys/key-guard.js';
import { misuse } from '../say/failure.js';
import { inspectionJson, inspectionText } from '../say/inspection.js';
import { USAGE } from '../say/words.js';
import type { Verb } from '../verb.js';
import { outputWish } from './output-options.js';

/** `sealpipe inspect`: shows what a stream says of itself. */
export const inspectVerb: Verb = async ({ options, operands }, session) => {
  const input = await openInput(operands[0]);
  if (input.isTerminal) throw misuse(USAGE.terminalInput('inspect'));
  const wish = outputWish(options, input, undefined, await KeyGuard.for([], session));
  const output = await openOutput({ ...wish, isText: true }, session);
  try {
    const { header } = await headerOf(input, session.signal);
    const text = (options.has('json') ? inspectionJson : inspectionText)(header, input.size);
    await writeText(text, output);
  } catch (error) {
    await output.discard();
    throw error;
  } finally {
    await input.close();
  }
};
