import { optionsTypeError } from '../../errors.js';
import type { ObjectName } from '../names.js';
import { checkObjectName } from '../names.js';

/** An object, or one version of it. */
export interface ObjectPlace extends ObjectName {
  readonly versionId?: string | undefined;
}

/** The object that options name. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkPlace(options: {
  readonly bucket: unknown;
  readonly key: unknown;
  readonly versionId?: unknown;
}): ObjectPlace {
  const { versionId } = options;
  if (versionId !== undefined && (typeof versionId !== 'string' || versionId === '')) {
    throw optionsTypeError('`versionId` must be the id of a version');
  }
  return { ...checkObjectName(options), ...(versionId !== undefined && { versionId }) };
}
