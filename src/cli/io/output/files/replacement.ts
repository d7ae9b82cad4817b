import type { Writable } from 'node:stream';
import type { FileTerms } from '../../../../files/replace-file/temporary-file.js';
import { TemporaryFile } from '../../../../files/replace-file/temporary-file.js';
import type { Output } from '../output.js';
import { fileFailure } from './file-failure.js';
import { fileStream } from './file-stream.js';
import { closed } from './output-handle.js';

/** A file that gets its name when it is whole: written under another one beside it, made durable, and renamed. */
export async function openReplacement(terms: FileTerms): Promise<Output> {
  const temporary = await TemporaryFile.make(terms);
  let stream: Writable | undefined;
  const release = async () => {
    if (stream !== undefined) await closed(stream);
    await temporary.release();
  };
  return {
    name: terms.path,
    file: temporary.handle,
    stream: () => (stream ??= fileStream(temporary.handle)),
    isSeenAtOnce: false,
    async commit() {
      try {
        await temporary.takeName();
      } catch (error) {
        throw fileFailure(terms.path, error);
      } finally {
        await release();
      }
    },
    discard: release,
  };
}
