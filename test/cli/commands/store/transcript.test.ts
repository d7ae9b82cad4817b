import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { repositoryRoot } from '../../../support/repository.js';
import type { S3Request } from '../../../support/s3/fake/request.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { replay } from '../../support/transcript.js';
import { contentOf, placeAt } from './support.js';

const { fake, bucket } = fakeForTests();

it('the command with a store, as the transcript has it', { timeout: 240_000 }, async (context) => {
  onlyWhere(context, process.platform === 'linux', 'journals need flock');
  const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
  const on = ({ operation, key }: S3Request): boolean =>
    operation === 'AbortMultipartUpload' && key === 'left';
  fake.fault({ on }, denied);
  const transcript = readFileSync(join(repositoryRoot, 'test/cli/commands/store/transcript.txt'), 'utf8');
  expect(await replay(transcript, await placeAt(fake))).toBe(transcript);
  expect(contentOf(fake, bucket)).toEqual({ keys: ['logs/a'], uploads: 0 });
});
