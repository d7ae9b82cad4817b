import { expect, it } from 'vitest';
import { RunSealer } from '../../../src/blocks/run-sealer.js';
import { TransferDiagnostics } from '../../../src/s3/store/diagnostics.js';
import { StoreCalls } from '../../../src/s3/store/store-calls.js';
import { PartPlan } from '../../../src/s3/upload/parts/part-plan.js';
import { uploadSettings } from '../../../src/s3/upload/upload-options.js';
import { UploadRun } from '../../../src/s3/upload/upload-run.js';
import { SealSession } from '../../../src/session/seal-session.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';

const here = fakeForTests();

it('the report says so if the length needs parts that take more than the memory rule allows', async () => {
  const { client, bucket } = here;
  const settings = uploadSettings({ client, bucket, key: 'k', keys });
  const session = new SealSession<RunSealer>(
    settings.seal,
    (cipher, layout) => new RunSealer(cipher, layout),
  );
  const { warnings } = await session.run(async () => {
    const { preamble } = await session.begin();
    const calls = new StoreCalls(client, { signal: session.stopped });
    const length = 3 * 2 ** 40;
    const diagnostics = new TransferDiagnostics('upload');
    const run = await UploadRun.over({ settings, session, calls, diagnostics, length });
    run.started(new PartPlan({ frameSize: 65_536, preambleSize: preamble.length, length }));
    return run.report({ etag: undefined, versionId: undefined });
  });
  expect(warnings).toEqual([expect.stringMatching(/^Each part is 315 MiB/)]);
});
