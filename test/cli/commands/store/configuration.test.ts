import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolPath } from '../../../support/external-tool.js';
import { startMotoServer } from '../../../support/moto-server.js';
import { prerequisite } from '../../../support/prerequisite.js';
import { ROOT } from '../../../support/s3/fake/access/users.js';
import { REGION } from '../../../support/s3/fake/fake-s3.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { makeBucket } from '../../../support/s3/servers.js';
import { placeAt, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;
const HELLO = { status: 0, stdout: 'hello\n', stderr: '' };

it('region, endpoint and credentials come from a profile, also beside credentials of the environment', async () => {
  const place = await placeAt(fake);
  const { accessKeyId, secretAccessKey } = ROOT;
  const config = [
    '[profile here]',
    `region = ${REGION}`,
    `endpoint_url = ${fake.url}`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ];
  await writeFile(join(place.folder, 'config'), config.join('\n'));
  const env = { AWS_CONFIG_FILE: 'config', AWS_REGION: undefined, AWS_ENDPOINT_URL_S3: undefined };
  const others = { ...env, AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'else' };
  expect(await run(place, ['encrypt', 'a', '-o', at('x'), '--profile', 'here'], { env: others })).toEqual({
    ...HELLO,
    stdout: '',
  });
  const byEnvironment = { ...env, AWS_PROFILE: 'here', AWS_ACCESS_KEY_ID: undefined };
  expect(await run(place, ['decrypt', at('x')], { env: byEnvironment })).toEqual(HELLO);
});

it.each([
  { AWS_REGION: undefined, AWS_DEFAULT_REGION: REGION },
  { AWS_ENDPOINT_URL_S3: undefined, AWS_ENDPOINT_URL: 'URL' },
])('the environment is read as by the AWS CLI: %j', async (env) => {
  const place = await placeAt(fake);
  const own = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value === 'URL' ? fake.url : value]),
  );
  expect(await run(place, ['encrypt', 'a', '-o', at('x')], { env: own })).toEqual({ ...HELLO, stdout: '' });
  expect(await run(place, ['decrypt', at('x')], { env: own })).toEqual(HELLO);
});

it('options go before the environment', async () => {
  const place = await placeAt(fake);
  const env = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_REGION: 'mars-east-1' };
  const reach = ['--endpoint-url', fake.url, '--region', REGION];
  expect(await run(place, ['encrypt', 'a', '-o', at('x'), ...reach], { env })).toEqual({
    ...HELLO,
    stdout: '',
  });
  const [put] = fake.seen.of('PutObject');
  expect(put?.headers.authorization).toContain(`/${REGION}/s3/`);
});

it('moto_server takes and gives objects', async (context) => {
  prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server');
  const moto = await startMotoServer();
  try {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const clientConfig = { region: 'us-east-1', endpoint: moto.url, forcePathStyle: true, credentials };
    await makeBucket({ clientConfig }, 'moto-bucket');
    const place = await placeAt(fake);
    const env = { AWS_ENDPOINT_URL_S3: moto.url, AWS_REGION: 'us-east-1' };
    const name = 's3://moto-bucket/a b/é';
    const wide = ['--', 'sh', '-c', 'head -c 20000000 /dev/zero'];
    expect(await run(place, ['encrypt', '-o', name, ...wide], { env })).toEqual({ ...HELLO, stdout: '' });
    expect(await run(place, ['encrypt', '-o', name, ...wide], { env })).toMatchObject({ status: 2 });
    expect((await run(place, ['verify', 's3://moto-bucket/a b/'], { env })).stdout).toContain(
      'whole, 20,000,000',
    );
  } finally {
    await moto.close();
  }
});
