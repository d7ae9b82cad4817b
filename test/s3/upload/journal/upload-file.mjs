// @ts-check
// Uploads a file with a journal, as its arguments say, and prints the report.
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { rawKey } from 'sealpipe';
import { encryptObject } from 'sealpipe/s3';

const {
  config,
  file,
  keyByte = 7,
  requestChecksumCalculation = 'WHEN_SUPPORTED',
  ...options
} = JSON.parse(String(process.argv[2]));
const client = new S3Client({ ...config, requestChecksumCalculation, maxAttempts: 1 });
try {
  const report = await encryptObject({
    client,
    body: pathToFileURL(file),
    keys: rawKey({ name: 'test', key: Buffer.alloc(32, keyByte) }),
    engine: 'node',
    partSize: 5 * 2 ** 20,
    concurrency: 2,
    ...options,
  });
  console.log(JSON.stringify(report));
} finally {
  client.destroy();
}
