import { SealpipeError } from '../../errors.js';
import type { EnvelopeEntry } from '../../format/joined-envelope.js';
import type { KeyProvider } from '../../keys/provider.js';
import { cannotStayUnseen, type RewrapCall } from './key-calls.js';
import type { Rewrapping } from './next-recipients.js';
import type { RewrapSettings } from './rewrap-options.js';
import type { RewrapReport } from './rewrap-report.js';
import { absentOf, nameOf } from './rewrap-report.js';

/** The inputs of a plan. */
export interface Planned {
  readonly path: string;
  readonly finished: boolean;
  readonly settings: RewrapSettings;
  readonly entries: readonly EnvelopeEntry[];
  readonly rewrapping: Rewrapping;
}

/**
 * What a re-wrap would do, found out without a key call. Only the call shows whether one KMS client reaches both keys.
 * If that is possible, the plan lists a `rewrap` call.
 *
 * @throws SealpipeError `ERR_SEALPIPE_KEY_MISMATCH`; TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function planned({ path, finished, settings, entries, rewrapping }: Planned): RewrapReport {
  rewrapping.assertPossible();
  const recipients = entries.map(({ recipient }) => recipient);
  const { keys, to, add, neverUnwrap } = settings;
  const removed = rewrapping.removed;
  const candidates = [...recipients.filter((one) => !removed.includes(one)), ...removed];
  const from = candidates.find((one) => keys.some((provider) => provider.matches(one)));
  const by = from && keys.find((provider) => provider.matches(from));
  if (!rewrapping.isIdle && (from === undefined || by === undefined) && !rewrapping.isDoneByName) {
    throw new SealpipeError('ERR_SEALPIPE_KEY_MISMATCH', 'None of the recipients is one of the `keys`');
  }
  const isIdle = rewrapping.isIdle || by === undefined;
  const calls: RewrapCall[] = isIdle ? [] : callsOf(by, [...to, ...add], rewrapping.mustCheck);
  if (neverUnwrap && calls.some(({ operation }) => operation !== 'rewrap')) {
    throw cannotStayUnseen('The keys are not those of one region of KMS');
  }
  const goes = isIdle ? [] : [...removed, ...(to.length > 0 && from !== undefined ? [from] : [])];
  return {
    path,
    dryRun: true,
    way: null,
    bytesWritten: 0,
    finished,
    checked: false,
    openedBy: isIdle ? null : nameOf(from!),
    recipients: recipients
      .filter((one) => !goes.includes(one))
      .map((one) => ({ ...nameOf(one), made: 'kept' })),
    removed: recipients.filter((one) => goes.includes(one)).map(nameOf),
    absent: absentOf(recipients, settings),
    calls,
  };
}

function callsOf(by: KeyProvider, targets: readonly KeyProvider[], mustCheck: boolean): RewrapCall[] {
  const canReEncrypt = (to: KeyProvider) => by.rewrap !== undefined && to.rewrap !== undefined;
  const made = targets.map(
    (to): RewrapCall =>
      canReEncrypt(to) ? { operation: 'rewrap', provider: by.id } : { operation: 'wrap', provider: to.id },
  );
  if (!mustCheck && targets.every(canReEncrypt)) return made;
  return [{ operation: 'unwrap', provider: by.id }, ...made];
}
