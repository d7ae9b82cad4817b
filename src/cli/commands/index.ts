import type { CommandLine } from '../arguments/command-line.js';
import type { CommandName } from '../arguments/commands.js';
import type { Command } from './command.js';

/** The code of each command, loaded on demand: `--help` and `inspect` load no cipher and no AWS code. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  encrypt: async () => (await import('./encrypt.js')).encryptCommand,
  decrypt: async () => (await import('./decrypt.js')).decryptCommand,
  inspect: async () => (await import('./sealed/inspect.js')).inspectCommand,
  verify: async () => (await import('./sealed/verify.js')).verifyCommand,
  rewrap: async () => (await import('./sealed/rewrap.js')).rewrapCommand,
  recover: async () => (await import('./sealed/recover.js')).recoverCommand,
  uploads: async () => (await import('./store/uploads.js')).uploadsCommand,
  'logs write': async () => (await import('./logs/writing/logs-write.js')).logsWriteCommand,
  'logs cat': async () => (await import('./logs/reading/logs-cat.js')).logsCatCommand,
  'logs tail': async () => (await import('./logs/reading/logs-tail.js')).logsTailCommand,
  'logs list': async () => (await import('./logs/reading/logs-list.js')).logsListCommand,
  'logs stat': async () => (await import('./logs/reading/logs-list.js')).logsStatCommand,
  'logs verify': async () => (await import('./logs/reading/logs-verify.js')).logsVerifyCommand,
  'logs checkpoint': async () => (await import('./logs/reading/logs-checkpoint.js')).logsCheckpointCommand,
  'logs recover': async () => (await import('./logs/upkeep/logs-recover.js')).logsRecoverCommand,
  'logs rewrap': async () => (await import('./logs/upkeep/logs-rewrap.js')).logsRewrapCommand,
  'logs prune': async () => (await import('./logs/upkeep/logs-prune.js')).logsPruneCommand,
  'logs close': async () => (await import('./logs/upkeep/logs-close.js')).logsCloseCommand,
  'logs unlock': async () => (await import('./logs/upkeep/logs-close.js')).logsUnlockCommand,
  'kms create-key': async () => (await import('./kms/kms-create-key.js')).createKeyCommand,
  'kms list': async () => (await import('./kms/kms-list.js')).listCommand,
  'kms describe': async () => (await import('./kms/kms-describe.js')).describeCommand,
  'kms disable': async () => (await import('./kms/kms-change.js')).disableCommand,
  'kms enable': async () => (await import('./kms/kms-change.js')).enableCommand,
  'kms rotate': async () => (await import('./kms/kms-change.js')).rotateCommand,
  'kms delete': async () => (await import('./kms/kms-delete.js')).deleteCommand,
  'kms undelete': async () => (await import('./kms/kms-delete.js')).undeleteCommand,
  'kms purge': async () => (await import('./kms/kms-purge.js')).purgeCommand,
  'kms import': async () => (await import('./kms/kms-import.js')).importCommand,
  'kms export': async () => (await import('./kms/kms-export.js')).exportCommand,
  version: async () => (await import('./about/version.js')).versionCommand,
  completion: async () => (await import('./about/completion.js')).completionCommand,
  help: async () => (await import('./about/help.js')).helpCommand,
};

/** The code for a command line; `--help` has priority. */
export function loadCommand({ command, options }: CommandLine): Promise<Command> {
  return COMMANDS[options.has('help') ? 'help' : command.name]();
}
