import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { openLogReader, verifyArchive } from '../../../src/logs/index.js';
import { listArchives } from '../../../src/logs/upkeep/archive-listing.js';
import { pruneArchive } from '../../../src/logs/upkeep/prune-archive.js';
import { toolPath } from '../../support/external-tool.js';
import { startMotoServer } from '../../support/moto-server.js';
import { prerequisite } from '../../support/prerequisite.js';
import { makeBucket } from '../../support/s3/servers.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { openWriter } from '../support/machine.js';

it('works against a server that nobody here wrote: read, verified, pruned under Object Lock', async (context) => {
  prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server');
  const moto = await startMotoServer();
  const clientConfig = {
    endpoint: moto.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const client = new S3Client(clientConfig);
  try {
    await makeBucket({ clientConfig }, 'logs', { objectLock: true });
    const directory = await tempFolder();
    let archive = '';
    for (const line of ['one', 'two', 'three', 'four']) {
      const writer = await openWriter(directory);
      writer.append(line);
      archive = writer.archive;
      await writer.end();
    }
    const names = (await readdir(join(directory, archive))).filter((name) => name.endsWith('.sealed'));
    for (const name of names) {
      const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(Date.now() + 1e8) };
      const Body = await readFile(join(directory, archive, name));
      const place = { Bucket: 'logs', Key: `a+b/ü/${archive}/${name.slice(0, 12)}` };
      await client.send(new PutObjectCommand({ ...place, Body, ...lock } as never));
    }
    const where = { store: 's3://logs/a+b/ü', clientConfig };
    expect(await listArchives(where)).toMatchObject([{ archive, segments: { length: 4 }, gaps: [] }]);
    expect(await verifyArchive({ ...where, keys })).toMatchObject({ verified: true });
    const kept: object[] = [];
    const keep = async (checkpoint: object) => void kept.push(checkpoint);
    const pruned = await pruneArchive({ ...where, keys, archive, before: Date.now() + 1e6, keep });
    expect(pruned).toMatchObject({ removed: { length: 2 }, keepsVersions: true, failure: null });
    const reader = await openLogReader({ ...where, keys, checkpoint: kept[0] as never });
    const lines: string[] = [];
    for await (const { line } of reader) lines.push(line.toString());
    expect(lines).toEqual(['three', 'four']);
  } finally {
    client.destroy();
    await moto.close();
  }
});
