import type { CommandSpec } from '../command-spec.js';
import { TALK } from '../command-spec.js';
import { OBJECTS_TOPIC } from '../topics.js';

/** `sealpipe uploads`. */
export const UPLOADS_COMMAND = {
  name: 'uploads',
  about: 'list uploads into S3 that were not finished, or remove their parts',
  usage: ['[s3://BUCKET/PREFIX] [OPTIONS]'],
  leastOperands: 0,
  mostOperands: 1,
  options: ['abort', 'profile', 'virtual-host', 'json', ...TALK],
  details: [
    'Shows the uploads of this user that have not ended: those in progress, and those that a crash',
    'has left. Their parts cost money. The next upload of the same file to the same place resumes',
    'it; --abort removes its parts. Uploads in progress are skipped.',
    '',
    ...OBJECTS_TOPIC,
  ],
  examples: [
    ['what is open', 'sealpipe uploads'],
    ['remove what crashes have left in a bucket', 'sealpipe uploads s3://bucket/ --abort'],
  ],
} as const satisfies CommandSpec;
