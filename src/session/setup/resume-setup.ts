import { equalBytes } from '../../bytes.js';
import { deriveClaimKey, sha256 } from '../../crypto/key-schedule.js';
import { SealpipeError } from '../../errors.js';
import type { Preamble } from '../../format/preamble.js';
import { PreambleReader } from '../../format/preamble.js';
import { prologueParameters } from '../../format/prologue.js';
import type { KeyRequest } from '../../keys/provider.js';
import { SUITES } from '../../suites.js';
import type { EncryptSettings } from '../encrypt-options.js';
import { setUpWith } from './open-setup.js';
import { RecipientAttempts } from './recipient-attempts.js';
import type { Setup } from './setup.js';

/** Everything needed to resume a stream. The caller wipes the claim key. */
export interface ResumedSetup extends Setup {
  readonly claimKey: Buffer;
}

/**
 * Resumes a stream that another process began to seal (FORMAT 5): unlocks the keys of its preamble if it matches these
 * settings.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if it does not match; the errors of opening a stream
 */
export async function setUpResume(
  preambleBytes: Uint8Array,
  settings: EncryptSettings,
  signal: AbortSignal,
): Promise<ResumedSetup> {
  const { preamble, taken } = new PreambleReader().take(preambleBytes, 0);
  if (preamble === undefined || taken !== preambleBytes.length || !isMeant(preamble, settings)) {
    throw new SealpipeError(
      'ERR_SEALPIPE_CHANGED',
      'The stream that was begun is not the one that is to be sealed',
    );
  }
  const { header, boundBytes, prologueBytes } = preamble;
  const { sealEngine, context, keys } = settings;
  const dataKeyBytes = SUITES[header.suite].keySize;
  const request: KeyRequest = { ...context, dataKeyBytes, signal };
  return new RecipientAttempts(header.recipients, keys).find(request, (dataKey, recipient) => {
    const setup = setUpWith(dataKey, preamble, request, sealEngine);
    if (setup === undefined) return undefined;
    const claimKey = deriveClaimKey(dataKey, {
      suite: SUITES[header.suite],
      salt: header.salt,
      parameters: prologueParameters(prologueBytes),
      boundBytes,
      contextDigest: sha256(context.contextBytes),
    });
    return { ...setup, claimKey, service: { engine: sealEngine.name, recipient } };
  });
}

/** Compares suite, frames, context and keys. The caller compares everything else in the bound. */
function isMeant({ header, contextBytes }: Preamble, settings: EncryptSettings): boolean {
  const { suite, frameSize, layout, context, withholdContext, keys } = settings;
  if (header.suite !== suite || header.frameSize !== frameSize || header.layout !== layout) return false;
  if ((contextBytes === null) !== withholdContext) return false;
  if (contextBytes !== null && !equalBytes(contextBytes, context.contextBytes)) return false;
  return (
    header.recipients.length === keys.length &&
    keys.every((provider, i) => provider.matches(header.recipients[i]!))
  );
}
