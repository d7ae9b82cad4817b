import type { CommandLine } from '../arguments/command-line.js';
import type { CommandName } from '../arguments/commands.js';
import type { Command } from './command.js';

/** Each command's code, loaded when it is called for: `--help` and `inspect` load no cipher and no AWS code. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  encrypt: async () => (await import('./encrypt.js')).encryptCommand,
  decrypt: async () => (await import('./decrypt.js')).decryptCommand,
  inspect: async () => (await import('./inspect.js')).inspectCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  rewrap: async () => (await import('./rewrap.js')).rewrapCommand,
  recover: async () => (await import('./recover.js')).recoverCommand,
  uploads: async () => (await import('./store/uploads.js')).uploadsCommand,
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
  version: async () => (await import('./version.js')).versionCommand,
  completion: async () => (await import('./completion.js')).completionCommand,
  help: async () => (await import('./help.js')).helpCommand,
};

/** The code for a command line; `--help` goes before everything else. */
export function loadCommand({ command, options }: CommandLine): Promise<Command> {
  return COMMANDS[options.has('help') ? 'help' : command.name]();
}
