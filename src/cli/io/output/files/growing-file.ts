import type { Writable } from 'node:stream';
import type { FileTerms } from '../../../../files/replace-file/temporary-file.js';
import { TemporaryFile } from '../../../../files/replace-file/temporary-file.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../../terminal/messages/files/files.js';
import type { Output } from '../output.js';
import { fileFailure } from './file-failure.js';
import { fileStream } from './file-stream.js';
import { closed } from './output-handle.js';

/**
 * A file that readers follow while it is written: it gets its name once its first piece, the preamble, is durable, and
 * keeps it from then on. A failure before that leaves FILE unchanged.
 */
export async function openGrowing(terms: FileTerms): Promise<Output> {
  const { path } = terms;
  const temporary = await TemporaryFile.make(terms);
  let stream: Writable | undefined;
  const takeName = async () => {
    if (temporary.isNamed) return;
    try {
      await temporary.takeName();
    } catch (error) {
      throw fileFailure(path, error);
    }
  };
  const release = async () => {
    if (stream !== undefined) await closed(stream);
    if (temporary.isNamed) await temporary.handle.sync().catch(() => undefined);
    await temporary.release();
  };
  return {
    name: path,
    file: undefined,
    stream: () => (stream ??= fileStream(temporary.handle, takeName)),
    get isSeenAtOnce() {
      return temporary.isNamed;
    },
    async commit() {
      try {
        await temporary.handle.sync();
        // A moved file still exists; a removed or replaced one is lost.
        const { nlink } = await temporary.handle.stat({ bigint: true });
        if (nlink === 0n) throw new CommandError(EXIT.other, FILE_TROUBLE.nameLost(path));
      } catch (error) {
        throw fileFailure(path, error);
      } finally {
        await release();
      }
    },
    discard: release,
  };
}
