// A target of pino that fails at its first chunk.
import { Writable } from 'node:stream';

export default async () =>
  new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('this target fails')) });
