import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { verify } from '../../../src/index.js';
import { openLogWriter } from '../../../src/logs/index.js';
import { onlyWhere, prerequisite } from '../../support/prerequisite.js';
import { makeBucket, SERVER_KINDS } from '../../support/s3/servers.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { heardOnLogs, segmentsIn } from '../support/stored.js';

const MIB = 2 ** 20;
const BUCKET = 'log-segments';

describe('segments of a log', () => {
  // Over TLS the user's agent is needed, which no plain configuration has.
  const kinds = SERVER_KINDS.filter(({ name }) => name !== 'fake over https');

  for (const kind of kinds) {
    it(`go up to ${kind.name} under retention, at once and in parts, and are all there`, async (context) => {
      if (kind.isRequired) prerequisite(context, kind.missing === undefined, `${kind.missing}`);
      else onlyWhere(context, kind.missing === undefined, `${kind.missing}`);
      const server = await kind.start();
      const { clientConfig } = server;
      const client = new S3Client(clientConfig);
      try {
        await makeBucket(server, BUCKET, { objectLock: true });
        const heard = heardOnLogs();
        const directory = await tempFolder();
        const writer = await openLogWriter({
          keys,
          directory,
          store: `s3://${BUCKET}`,
          clientConfig,
          objectLock: { mode: 'GOVERNANCE', days: 1 },
          compress: false,
          drain: 20_000,
        });
        for (let i = 0; i < 9; i++) {
          writer.append(Buffer.alloc(MIB, `${i}`));
          await writer.flush();
        }
        await writer.rotate();
        writer.append('short');
        const { notStored, positions } = await writer.end();
        expect(heard.filter(({ event }) => event === 'not-stored')).toEqual([]);
        expect(notStored).toEqual([]);
        expect(positions.stored.records).toBe(10);
        expect(segmentsIn(directory, writer)).toEqual([]);
        expect(heard.filter(({ event }) => event === 'not-stored')).toEqual([]);
        for (const index of [0, 1]) {
          const Key = `${writer.archive}/00000000000${index}`;
          const { Body, ObjectLockMode } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
          // Not every server keeps the lock that a multipart upload began with.
          if (index === 1) expect(ObjectLockMode).toBe('GOVERNANCE');
          expect(await verify(await Body!.transformToByteArray(), { keys })).toMatchObject({
            complete: true,
          });
        }
      } finally {
        client.destroy();
        await server.close();
      }
    });
  }
});
