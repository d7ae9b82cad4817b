import { SealpipeError } from '../../errors.js';

/** The error for what LOGS.md does not allow in a segment. */
export function illegal(what: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_FORMAT',
    `Not a segment of a log archive, or one that no writer made: ${what}`,
  );
}

/** The error for what a later version of LOGS.md may allow. */
export function tooNew(what: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_UNSUPPORTED',
    `The log archive has ${what}, which this release of sealpipe does not know`,
    { hint: 'Upgrade sealpipe' },
  );
}
