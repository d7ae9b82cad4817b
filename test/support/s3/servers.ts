import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { toolPath } from '../external-tool.js';
import { startMotoServer } from '../moto-server.js';
import { slowRun } from '../prerequisite.js';
import { selfSigned } from './certificate.js';
import { FakeS3 } from './fake/fake-s3.js';
import { gatewayIsInstalled, startGateway } from './rados-gateway.js';

/** What not every server does. */
export type Trait =
  | 'complete ifMatch'
  | 'complete ifNoneMatch'
  | 'object size'
  | 'part order'
  | 'part numbers'
  | 'checksums'
  | 'copy source ifMatch'
  | 'part number reads'
  | 'put ifNoneMatch'
  | 'encryption echo'
  | 'signature'
  | 'unusual keys'
  | 'trailers'
  | 'redirects'
  | 'tagged uploads';

/** A server that tests talk to over a socket. */
export interface TestServer {
  readonly name: string;
  readonly clientConfig: S3ClientConfig;
  /** What it does not do, or not as S3. */
  readonly lacks: ReadonlySet<Trait>;
  close(): Promise<void>;
}

/** A server that tests may find here. */
export interface ServerKind {
  readonly name: string;
  /** What is missing, or why it does not run; undefined if it does. */
  readonly missing: string | undefined;
  /** Whether its absence fails a run in CI. */
  readonly isRequired: boolean;
  start(): Promise<TestServer>;
}

/** All kinds of servers, those that are missing here too: a matrix says what it left out. */
export const SERVER_KINDS: readonly ServerKind[] = [
  { name: 'fake over http', missing: undefined, isRequired: true, start: () => startFake('fake over http') },
  {
    name: 'fake over https',
    missing: undefined,
    isRequired: true,
    start: () => startFake('fake over https', new FakeS3(selfSigned())),
  },
  {
    name: 'moto_server',
    missing: toolPath('moto_server') === undefined ? 'moto_server' : undefined,
    isRequired: true,
    start: startMotoS3,
  },
  {
    name: 'radosgw',
    missing: missingOfGateway(),
    isRequired: false,
    start: startGateway,
  },
];

/** Makes a bucket on any of the servers. */
export async function makeBucket(
  { clientConfig }: Pick<TestServer, 'clientConfig'>,
  Bucket: string,
  { versioning = false, objectLock = false } = {},
): Promise<void> {
  const client = new S3Client(clientConfig);
  try {
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: objectLock }));
    if (versioning) {
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
  } finally {
    client.destroy();
  }
}

/** It takes half a minute to start: for the long tests alone. */
function missingOfGateway(): string | undefined {
  if (!slowRun) return 'a long test (SEALPIPE_SLOW=1)';
  return gatewayIsInstalled() ? undefined : 'radosgw, ceph-mon, ceph-osd and ceph-common are wanting';
}

async function startFake(name: string, fake = new FakeS3()): Promise<TestServer> {
  await fake.start();
  return { name, clientConfig: fake.clientConfig(), lacks: new Set(), close: () => fake.close() };
}

async function startMotoS3(): Promise<TestServer> {
  const { url, close } = await startMotoServer();
  const clientConfig = {
    region: 'us-east-1',
    endpoint: url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const lacks: readonly Trait[] = [
    'complete ifMatch',
    'object size',
    'part order',
    'checksums',
    'copy source ifMatch',
    'part number reads',
    'signature',
    'redirects',
  ];
  return { name: 'moto_server', clientConfig, lacks: new Set(lacks), close };
}
