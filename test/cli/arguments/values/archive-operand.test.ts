import { expect, it } from 'vitest';
import { archiveFolder, archivePlace } from '../../../../src/cli/arguments/values/archive-operand.js';

const ID = '0123456789abcdef'.repeat(2);

it.each([
  ['logs', { name: 'logs', isStored: false, archive: undefined }],
  [`logs/${ID}`, { name: 'logs', isStored: false, archive: ID }],
  [`/var/logs/${ID}/`, { name: '/var/logs', isStored: false, archive: ID }],
  ['s3://bucket', { name: 's3://bucket', isStored: true, archive: undefined }],
  ['s3://bucket/a/b/', { name: 's3://bucket/a/b/', isStored: true, archive: undefined }],
  [`s3://bucket/${ID}`, { name: 's3://bucket/', isStored: true, archive: ID }],
  [`s3://bucket/a/b/${ID}/`, { name: 's3://bucket/a/b/', isStored: true, archive: ID }],
  [`s3://bucket/a//${ID}`, { name: 's3://bucket/a//', isStored: true, archive: ID }],
  [`s3://bucket/../${ID}`, { name: 's3://bucket/../', isStored: true, archive: ID }],
  [`s3://${ID}`, { name: `s3://${ID}`, isStored: true, archive: undefined }],
  [`s3://bucket/${ID}/x`, { name: `s3://bucket/${ID}/x`, isStored: true, archive: undefined }],
])('%s names archives', (operand, place) => {
  expect(archivePlace(operand)).toEqual(place);
});

it.each(['write', 'close', 'unlock', 'rewrap'] as const)(
  'logs %s takes a folder, and nothing in S3',
  (command) => {
    expect(archiveFolder('logs', command)).toBe('logs');
    expect(() => archiveFolder('s3://bucket/logs', command)).toThrow(
      expect.objectContaining({ status: 2, hint: expect.any(String) }),
    );
  },
);
