import { SealpipeError } from '../../errors.js';

/** The error for a segment that violates LOGS.md. */
export function illegal(what: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_FORMAT',
    `Not a segment of a log archive, or one that no writer made: ${what}`,
  );
}

/** The error for content that a later version of LOGS.md may allow. */
export function tooNew(what: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_UNSUPPORTED',
    `The log archive has ${what}, which this release of sealpipe does not know`,
    { hint: 'Upgrade sealpipe' },
  );
}
