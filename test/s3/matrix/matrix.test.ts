import { S3Client } from '@aws-sdk/client-s3';
import type { TestContext } from 'vitest';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { onlyWhere, prerequisite } from '../../support/prerequisite.js';
import type { TestServer } from '../../support/s3/servers.js';
import { makeBucket, SERVER_KINDS } from '../../support/s3/servers.js';
import { sampled } from '../../support/sample.js';
import { DOWNLOAD_ROWS } from './download-rows.js';
import { bucket } from './row.js';
import { STORE_ROWS } from './store-rows.js';
import { UPLOAD_ROWS } from './upload-rows.js';

const ROWS = [...STORE_ROWS, ...DOWNLOAD_ROWS, ...UPLOAD_ROWS];

/** All of the first kind, and of every other a sample: the rows do not need each other. */
const rowsFor = (name: string) =>
  name === SERVER_KINDS[0]!.name ? ROWS : sampled(ROWS, 18, `rows of ${name}`);

describe.each(SERVER_KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  let server: TestServer | undefined;
  let client: S3Client | undefined;

  beforeAll(async () => {
    if (kind.missing !== undefined) return;
    server = await kind.start();
    client = new S3Client(server.clientConfig);
    await makeBucket(server, bucket);
  }, 180_000);

  afterAll(async () => {
    client?.destroy();
    await server?.close();
  });

  for (const { says, needs = [], run } of rowsFor(name)) {
    it(says, async (context: Pick<TestContext, 'skip'>) => {
      if (kind.isRequired) prerequisite(context, kind.missing === undefined, `${kind.missing}`);
      else onlyWhere(context, kind.missing === undefined, `${kind.missing}`);
      const lacking = needs.filter((trait) => server?.lacks.has(trait));
      onlyWhere(context, lacking.length === 0, `${name} does not do it (${lacking.join()})`);
      await run(client!);
    });
  }
});
