import type { EngineName } from '../../../../index.js';
import { closeArchive, unlockArchive } from '../../../../logs/upkeep/index.js';
import { archiveFolder } from '../../../arguments/values/archive-operand.js';
import { contextPairs } from '../../../arguments/values/context-pairs.js';
import { openOutput } from '../../../io/output/open-output.js';
import { writeText } from '../../../io/output/write-text.js';
import { KeyGuard } from '../../../keys/key-guard.js';
import { keysToSeal, namedKeys } from '../../../keys/keys-to-seal.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_TROUBLE } from '../../../terminal/messages/logs.js';
import type { Command } from '../../command.js';
import { outputWish } from '../../output-options.js';
import { archivesAt, writingFailure } from '../archive-reading.js';
import { inFolder } from '../with-archives.js';

/** `sealpipe logs close`: records in the archive that nothing follows. */
export const logsCloseCommand: Command = async ({ options, operands }, invocation) => {
  const { terminal, signal } = invocation;
  const directory = archiveFolder(operands[0]!, 'close');
  const encryptionContext = contextPairs(options.texts('context'));
  const named = namedKeys(options, invocation.env);
  const guard = await KeyGuard.for(named, invocation);
  await archivesAt(inFolder(directory), signal);
  const output = await openOutput(
    { ...outputWish(options, undefined, undefined, guard), isText: true },
    invocation,
  );
  try {
    const sealed = await keysToSeal(named, invocation);
    try {
      const checkpoint = await closeArchive({
        keys: sealed.keys.providers,
        directory,
        encryptionContext,
        engine: options.text('engine') as EngineName | undefined,
        acceptLoss: options.has('accept-loss'),
        singleWriter: options.has('single-writer'),
        signal,
      });
      if (checkpoint === undefined)
        throw new CommandError(EXIT.other, LOGS_TROUBLE.nothingToClose(directory));
      terminal.note(LOGS_NOTES.closed(checkpoint.archive));
      await writeText(`${JSON.stringify(checkpoint)}\n`, output);
    } finally {
      await sealed.keys.close();
    }
  } catch (error) {
    await output.discard();
    throw writingFailure(directory, error);
  }
};

/** `sealpipe logs unlock`: breaks the lock of a writer on another machine that has ended. */
export const logsUnlockCommand: Command = async ({ operands }, { terminal }) => {
  const directory = archiveFolder(operands[0]!, 'unlock');
  try {
    const wasLocked = await unlockArchive(directory);
    terminal.note((wasLocked ? LOGS_NOTES.unlocked : LOGS_NOTES.notLocked)(directory));
  } catch (error) {
    throw writingFailure(directory, error);
  }
};
