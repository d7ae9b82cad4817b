import { optionsTypeError, SealpipeError } from '../../../errors.js';
import type { Recipient } from '../../../format/stream-header.js';
import { LOCAL_REGION } from '../../../key-arn.js';
import type { Clients, Route } from '../clients/clients.js';
import type { TargetKey } from './target-key.js';
import { isServedIn } from './target-key.js';

/**
 * The client for a call to `target`, in the region of its ARN. A configured key that the client cannot reach is wrong
 * use; a key that the stream chose, or that is not the recipient's in this region, counts as a key mismatch.
 */
export async function routeTo(clients: Clients, target: TargetKey, recipient?: Recipient): Promise<Route> {
  const { keyId, region, discovered } = target;
  if (region !== undefined) {
    return clients.in(region, (has) =>
      (discovered ? keyMismatch : optionsTypeError)(farAway(keyId, region, has)),
    );
  }
  const route = await clients.home((has) => optionsTypeError(farAway(keyId, LOCAL_REGION, has)));
  if (recipient === undefined || isServedIn(route.region, keyId, recipient)) return route;
  throw keyMismatch(`${recipient.key} is not ${keyId} in ${route.region}, where the client calls`, {
    hint: 'Name the key by its ARN',
  });
}

function farAway(keyId: string, region: string, has: string): string {
  const remedy =
    region === LOCAL_REGION
      ? ', which belongs to the embedded KMS: choose another region, or connect the client to that KMS'
      : `: give a client of ${region}, or client as a function of the region`;
  return `The client calls ${has}, and the key ${keyId} is in region ${region}${remedy}`;
}

/** The error for a recipient that is not for the configured keys. */
export function keyMismatch(message: string, details?: { readonly hint: string }): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_KEY_MISMATCH', message, details);
}
