import { CreateAliasCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { startMoto } from '../keys/kms/moto.js';

/** A moto_server with the bucket and the key that the pages take for granted. */
export interface PlayedAws {
  /** What a user of AWS has in the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes what is in the bucket. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

const BUCKET = 'my-bucket';

/** Starts one; whoever asks closes it. */
export async function playAws(): Promise<PlayedAws> {
  const { clientConfig, createKey, close } = await startMoto();
  const endpoint = String(clientConfig.endpoint);
  const region = 'us-east-1'; // where a bucket needs no constraint
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const s3 = new S3Client({ endpoint, region, credentials });
  const kms = new KMSClient(clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/backups', TargetKeyId: await createKey() }));
  kms.destroy();
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: String(clientConfig.region),
    AWS_DEFAULT_REGION: String(clientConfig.region),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return {
    environment,
    async empty() {
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET })) {
        for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
      }
    },
    async close() {
      s3.destroy();
      await close();
    },
  };
}
