import type { Policy } from '../access/policy.js';
import { empty, S3Failure, xmlAnswer } from '../answer.js';
import { textOf } from '../xml.js';
import type { Operation } from './handling.js';
import { bucketOf } from './handling.js';

export const listBuckets: Operation = ({ world }) =>
  xmlAnswer('ListAllMyBucketsResult', {
    Buckets: { Bucket: [...world.buckets.keys()].map((Name) => ({ Name })) },
  });

export const createBucket: Operation = ({ world, request, region }) => {
  const objectLock = request.headers['x-amz-bucket-object-lock-enabled'] === 'true';
  world.createBucket(request.bucket, textOf(String(request.body), 'LocationConstraint') ?? region, {
    objectLock,
  });
  return empty(200, { location: `/${request.bucket}` });
};

export const deleteBucket: Operation = (handling) => {
  const bucket = bucketOf(handling);
  if (bucket.keys.size > 0) {
    throw new S3Failure(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
  }
  handling.world.buckets.delete(bucket.name);
  return empty(204);
};

export const getBucketLocation: Operation = (handling) =>
  xmlAnswer('LocationConstraint', bucketOf(handling).region);

export const getBucketVersioning: Operation = (handling) =>
  xmlAnswer('VersioningConfiguration', { Status: bucketOf(handling).versioning });

export const putBucketVersioning: Operation = (handling) => {
  const status = textOf(String(handling.request.body), 'Status');
  bucketOf(handling).versioning = status === 'Enabled' ? 'Enabled' : 'Suspended';
  return empty();
};

export const getBucketPolicy: Operation = (handling) => {
  const { policy } = bucketOf(handling);
  if (policy === undefined)
    throw new S3Failure(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist');
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: [Buffer.from(JSON.stringify(policy))],
  };
};

export const putBucketPolicy: Operation = (handling) => {
  bucketOf(handling).policy = JSON.parse(String(handling.request.body)) as Policy;
  return empty(204);
};
