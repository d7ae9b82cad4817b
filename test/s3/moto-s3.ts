import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startMoto } from '../keys/kms/moto.js';

/** A bucket on a moto_server of its own. */
export interface MotoS3 {
  readonly client: S3Client;
  readonly bucket: string;
  close(): Promise<void>;
}

/** Starts moto_server with a bucket, which may keep objects under retention. */
export async function startMotoS3(bucket = 'my-bucket'): Promise<MotoS3> {
  const moto = await startMoto();
  const client = new S3Client({
    endpoint: String(moto.clientConfig.endpoint),
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  return {
    client,
    bucket,
    close: async () => {
      client.destroy();
      await moto.close();
    },
  };
}
