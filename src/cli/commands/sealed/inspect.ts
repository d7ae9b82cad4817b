import { objectNamed, placeNamed } from '../../arguments/store/object-names.js';
import { storeSettings } from '../../arguments/store/store-settings.js';
import { openInput } from '../../io/input/input.js';
import { SteadyInput } from '../../io/input/steady-input.js';
import { openOutput } from '../../io/output/open-output.js';
import { writeText } from '../../io/output/write-text.js';
import { areSeveralInputs } from '../../io/store/named-inputs.js';
import { openSealedObject } from '../../io/store/sealed-object.js';
import { KeyGuard } from '../../keys/key-guard.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';
import { INSPECTING_HINTS } from '../../terminal/messages/files/input-hints.js';
import type { Command } from '../command.js';
import { outputWish } from '../output-options.js';
import { withStore } from '../store/with-store.js';
import { inspectSeveral } from './inspect-several.js';
import { inspectionJson, inspectionText } from './inspection.js';

/** `sealpipe inspect`: shows the header of a stream. */
export const inspectCommand: Command = async (line, invocation) => {
  const { options, operands } = line;
  if (areSeveralInputs(operands)) return inspectSeveral(line, invocation);
  if (placeNamed(operands[0]) !== undefined) return inspectObject(line, invocation);
  storeSettings(line);
  const input = await openInput(operands[0], INSPECTING_HINTS);
  if (input.isTerminal) throw misuse(USAGE.terminalInput('inspect'));
  const wish = outputWish(options, input, undefined, await KeyGuard.for([], invocation));
  const output = await openOutput({ ...wish, isText: true }, invocation);
  const steady = new SteadyInput(operands[0], input, invocation.signal);
  try {
    const header = await steady.withHead(async (head) => head.header);
    const text = (options.has('json') ? inspectionJson : inspectionText)(header, steady.input.size);
    await writeText(text, output);
  } catch (error) {
    await output.discard();
    throw error;
  } finally {
    await steady.input.close();
  }
};

/** The same for an object. */
const inspectObject: Command = (line, invocation) =>
  withStore(line, invocation, async (store) => {
    const { options, operands } = line;
    const { signal } = invocation;
    const place = objectNamed(operands[0])!;
    const wish = outputWish(options, undefined, undefined, await KeyGuard.for([], invocation));
    const output = await openOutput({ ...wish, isText: true }, invocation);
    try {
      const object = await openSealedObject(store!, place, signal);
      const header = await object.header(signal);
      await writeText((options.has('json') ? inspectionJson : inspectionText)(header, object.size), output);
    } catch (error) {
      await output.discard();
      throw error;
    }
  });
