import { loadPackWriter } from '../../src/format/pack-writer.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { rawKey } from '../../src/keys/raw.js';
import { encryptSettings } from '../../src/session/encrypt-options.js';
import { composeSeal } from '../../src/session/setup/seal-setup.js';
import { OUR_KEYS } from './case-kit.js';
import type { WriterInputs } from './writer-inputs.js';
import { piecesOf } from './writer-inputs.js';

await loadPackWriter();

/** What this library makes of a writer's inputs: every frame but the last ends with a flush in the record layout. */
export function sealHere(inputs: WriterInputs): Buffer {
  const { suite, layout, salt, created, chain, content, withholdContext, padding } = inputs;
  const settings = encryptSettings({
    suite,
    layout,
    frameSize: 2 ** inputs.frameSizeLog2,
    keys: OUR_KEYS.map(rawKey),
    encryptionContext: Object.fromEntries(inputs.context),
    withholdContext,
    envelopePadding: padding,
    chain,
    content,
  });
  const setup = composeSeal(settings, inputs.dataKey, inputs.recipients, { salt, created });
  const sealed: Uint8Array[] = [setup.preamble];
  const sealer = new FrameSealer(setup.cipher, setup.layout, (bytes) => sealed.push(bytes));
  const pieces = [...piecesOf(inputs)];
  for (const [i, piece] of pieces.entries()) {
    sealer.write(piece);
    if (layout === 'record' && i < pieces.length - 1) sealer.flush();
  }
  sealer.finish();
  sealer.wipe();
  return Buffer.concat(sealed);
}
