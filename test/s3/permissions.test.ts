import { Readable } from 'node:stream';
import type { BucketLifecycleConfiguration } from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { encrypt, openSealed, verify } from '../../src/index.js';
import { kms } from '../../src/keys/kms/index.js';
import { decryptObject, encryptObject, listSealedObjects, s3Source } from '../../src/s3/index.js';
import { blocksIn, blocksOf } from '../guards/page-blocks.js';
import { pageAt, sectionOf } from '../guards/pages.js';
import { toolPath } from '../support/external-tool.js';
import { startMotoServer } from '../support/moto-server.js';
import { outcome } from '../support/outcome.js';
import { prerequisite } from '../support/prerequisite.js';
import type { Policy, Statement } from '../support/s3/fake/access/policy.js';
import { REGION } from '../support/s3/fake/fake-s3.js';
import { fakeForTests } from '../support/s3/fake-for-tests.js';
import { keys } from '../support/test-keys.js';
import { pruneStoredArchive, readArchive, storeArchive } from './support/log-jobs.js';
import type { PolicedKms } from './support/policed-kms.js';
import { policedKms } from './support/policed-kms.js';
import { placeOf, plaintextOf, putSealed } from './support/sealed-objects.js';

const here = fakeForTests();
const bucket = 'my-bucket';
const key = 'job/k.sealed';
const PAGE = 'docs/permissions.md';
let keyService: PolicedKms;

beforeAll(async () => {
  keyService = await policedKms();
});

/** The work that a policy of the page is for. Rejects if anything of it fails. */
interface Job {
  readonly heading: string;
  /** Before the job, with every right. */
  readonly prepare?: () => Promise<void>;
  readonly work: (client: S3Client, policies: readonly Policy[]) => Promise<void>;
}

const world = () => here.fake.world.bucket(bucket);
const large = () => Readable.from(Array.from({ length: 12 }, () => Buffer.alloc(2 ** 20, 1)));
const place = { bucket, key };

async function opened(options: Parameters<typeof decryptObject>[0]): Promise<Buffer> {
  const { bytes, error } = await outcome(decryptObject(options));
  if (error !== undefined) throw error;
  return bytes;
}

async function* dying(): AsyncGenerator<Buffer, void, void> {
  for (let i = 0; i < 12; i++) yield Buffer.alloc(2 ** 20, 1);
  throw new Error('the source died');
}

/** Objects of both kinds, and one that fails and leaves nothing. */
async function upload(client: S3Client, more: object = {}): Promise<void> {
  const options = { client, bucket, keys, partSize: 5 * 2 ** 20, ...more };
  await encryptObject({ ...options, key, body: large() });
  await encryptObject({ ...options, key: 'small', body: Buffer.from('small') });
  await expect(encryptObject({ ...options, key: 'none', body: Readable.from(dying()) })).rejects.toThrow(
    'died',
  );
  expect([...world().keys.keys(), world().uploads.size]).toEqual([key, 'small', 0]);
}

const JOBS: readonly Job[] = [
  { heading: 'Upload', work: (client) => upload(client) },
  {
    heading: 'Upload with tags',
    work: async (client) => {
      await upload(client, { tags: { kept: 'yes' } });
      const tags = await here.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
      expect(tags.TagSet).toEqual([{ Key: 'kept', Value: 'yes' }]);
    },
  },
  {
    heading: 'Upload under Object Lock',
    work: async (client) => {
      await upload(client, { objectLock: { mode: 'GOVERNANCE', days: 2 } });
      const lock = await here.client.send(new GetObjectRetentionCommand({ Bucket: bucket, Key: key }));
      expect(lock.Retention?.Mode).toBe('GOVERNANCE');
    },
  },
  {
    heading: 'Remove what killed uploads left',
    prepare: async () => {
      await here.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
    },
    work: async (client) => {
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      const stale = { Bucket: bucket, Key: Uploads![0]!.Key!, UploadId: Uploads![0]!.UploadId! };
      await client.send(new ListPartsCommand(stale));
      await client.send(new AbortMultipartUploadCommand(stale));
      await expect(client.send(new ListPartsCommand(stale))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    },
  },
  {
    heading: 'Download',
    prepare: async () => void (await putSealed(world(), key, plaintextOf(300_000))),
    work: async (client) => {
      here.fake.fault({ on: 'GetObject' }, { kind: 'cut answer', after: 100_000 });
      expect((await opened({ client, ...place, keys })).length).toBe(300_000);
      await using reader = await openSealed(s3Source({ client, ...place }), { keys });
      expect(await reader.size()).toBe(300_000);
    },
  },
  {
    heading: 'Read a version',
    prepare: async () => {
      await putSealed(world(), key, plaintextOf(30));
      await putSealed(world(), key, plaintextOf(40));
    },
    work: async (client) => {
      const { versionId } = world().keys.get(key)![1]!;
      expect((await opened({ client, ...place, versionId, keys })).length).toBe(30);
    },
  },
  {
    heading: 'List and verify',
    prepare: async () => void (await putSealed(world(), key, plaintextOf(30))),
    work: async (client) => {
      const found: string[] = [];
      for await (const object of listSealedObjects({ client, bucket })) {
        if (object.error !== undefined) throw object.error;
        found.push(object.key);
        expect(await verify(s3Source({ client, bucket, key: object.key }), { keys })).toMatchObject({
          complete: true,
        });
      }
      expect(found).toEqual([key]);
    },
  },
  {
    heading: 'Read log archives',
    prepare: async () => storeArchive(world()),
    work: (client) => readArchive(client, bucket),
  },
  {
    heading: 'Prune log archives',
    prepare: async () => storeArchive(world()),
    work: (client) => pruneStoredArchive(client, bucket),
  },
  {
    heading: 'Seal with AWS KMS',
    work: async (_, policies) => {
      await encryptObject({ client: here.client, ...place, body: Buffer.from('x'), keys: kmsWith(policies) });
      const elsewhere = encrypt('x', { keys: kmsWith(policies), encryptionContext: placeOf('other', key) });
      await expect(elsewhere).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_DENIED' });
    },
  },
  {
    heading: 'Open with AWS KMS',
    prepare: () =>
      encryptObject({
        client: here.client,
        ...place,
        body: Buffer.from('x'),
        keys: kmsWith(EVERYTHING),
      }).then(() => undefined),
    work: async (_, policies) => {
      expect(String(await opened({ client: here.client, ...place, keys: kmsWith(policies) }))).toBe('x');
    },
  },
];

const EVERYTHING: readonly Policy[] = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function kmsWith(policies: readonly Policy[]) {
  return kms({ keyId: keyService.key, client: keyService.clientWith(policies, ARN) });
}

function policyOf(heading: string): Policy {
  const [block] = blocksIn(blocksOf(PAGE, sectionOf(pageAt(PAGE), heading)), ['json']);
  return JSON.parse(block!.code) as Policy;
}

const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

/** The policy without one of its actions. */
function without(policy: Policy, action: string): Policy {
  const left = policy.Statement.map((one) => ({
    ...one,
    Action: actionsOf(one).filter((name) => name !== action),
  }));
  return { ...policy, Statement: left.filter(({ Action }) => Action.length > 0) };
}

/** Does a job in a world of its own. */
async function run({ prepare, work }: Job, policies: readonly Policy[]): Promise<void> {
  here.fake.world.buckets.clear();
  here.fake.clearFaults();
  here.fake.world.createBucket(bucket, REGION, { objectLock: true });
  await prepare?.();
  const user = { accessKeyId: 'WORKER', secretAccessKey: 'secret', policies };
  here.fake.addUser(user);
  await work(here.clientWith({ credentials: user, maxAttempts: 1 }), policies);
}

it('has a job for every policy of the page', () => {
  const headings = [...pageAt(PAGE).text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const rule = headings.filter((heading) => heading !== 'A lifecycle rule for stale uploads');
  expect(JOBS.map(({ heading }) => heading)).toEqual(rule);
});

it.each(JOBS.map((job) => [job.heading, job] as const))(
  '"%s" needs all of its actions, and no other',
  async (heading, job) => {
    const policy = policyOf(heading);
    await run(job, [policy]);
    for (const action of policy.Statement.flatMap(actionsOf)) {
      await expect(run(job, [without(policy, action)]), `without ${action}`).rejects.toThrow();
    }
  },
);

it('has a lifecycle rule that a store takes', async (context) => {
  prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server');
  const moto = await startMotoServer();
  const config = { endpoint: moto.url, region: 'us-east-1', forcePathStyle: true };
  const client = new S3Client({ ...config, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  try {
    const heading = 'A lifecycle rule for stale uploads';
    const [block] = blocksIn(blocksOf(PAGE, sectionOf(pageAt(PAGE), heading)), ['json']);
    const LifecycleConfiguration = JSON.parse(block!.code) as BucketLifecycleConfiguration;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }));
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    expect(Rules).toMatchObject([
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ]);
  } finally {
    client.destroy();
    await moto.close();
  }
});
