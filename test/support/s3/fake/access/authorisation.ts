import { accessDenied, S3Failure } from '../answer.js';
import type { S3Request } from '../request.js';
import type { Bucket, World } from '../state.js';
import { accessesOf } from './actions.js';
import type { Access, Policy } from './policy.js';
import { allows, denies } from './policy.js';
import { verifySignature } from './signature.js';
import type { User } from './users.js';

/** Operations that answer 404 for an absent key only to those who may list the bucket. */
const TELLS_ABSENCE = new Set(['GetObject', 'HeadObject', 'GetObjectAttributes', 'GetObjectTagging']);

/** Checks who signed a request, where to, and whether they may. @throws S3Failure */
export function authorise(request: S3Request, world: World, users: ReadonlyMap<string, User>): void {
  const { accessKeyId, region } = verifySignature(request, (id) => users.get(id)?.secretAccessKey);
  request.user = accessKeyId;
  const bucket = world.buckets.get(request.bucket);
  if (bucket !== undefined && request.operation !== 'GetBucketLocation') assertRegion(bucket, region);
  const { policies } = users.get(accessKeyId)!;
  const bucketPolicies = bucket?.policy === undefined ? [] : [bucket.policy];
  const accesses = accessesOf(request);
  if (bucket !== undefined && TELLS_ABSENCE.has(request.operation) && !bucket.keys.has(request.key)) {
    const { facts } = accesses[0]!;
    accesses.push({ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket.name}`, facts });
  }
  for (const access of accesses) {
    if (isAllowed(access, policies, bucketPolicies)) continue;
    throw accessDenied(
      `User: ${accessKeyId} is not authorized to perform: ${access.action} on resource: ${access.resource}`,
    );
  }
}

function isAllowed(
  access: Access,
  own: readonly Policy[] | undefined,
  bucketPolicies: readonly Policy[],
): boolean {
  return own === undefined ? !denies(bucketPolicies, access) : allows([...own, ...bucketPolicies], access);
}

function assertRegion(bucket: Bucket, region: string): void {
  if (bucket.region === region) return;
  throw new S3Failure(301, 'PermanentRedirect', 'The bucket must be addressed using another endpoint.', {
    headers: { 'x-amz-bucket-region': bucket.region },
    details: { Bucket: bucket.name, Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com` },
  });
}
