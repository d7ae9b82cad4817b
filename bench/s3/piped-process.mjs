// @ts-check
/*
 * Uploads standard input with the library, in its own process. Arguments: the key file, the object's bucket and its
 * key.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { keyFrom } from 'sealpipe/keys';
import { encryptObject } from 'sealpipe/s3';

const [path = '', bucket = '', key = ''] = process.argv.slice(2);
const client = new S3Client({ forcePathStyle: true });
const keys = await keyFrom(`file:${path}`);
await encryptObject({ client, bucket, key, body: process.stdin, keys, overwrite: true });
await keys.close();
client.destroy();
