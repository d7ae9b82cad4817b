import type { CommandLine } from '../arguments/command-line.js';
import type { CommandName } from '../arguments/commands.js';
import type { Verb } from './command.js';

/** Each command's code, loaded when it is called for: `--help` and `inspect` load no cipher and no AWS code. */
const VERBS: Readonly<Record<CommandName, () => Promise<Verb>>> = {
  encrypt: async () => (await import('./encrypt.js')).encryptVerb,
  decrypt: async () => (await import('./decrypt.js')).decryptVerb,
  inspect: async () => (await import('./inspect.js')).inspectVerb,
  'kms create-key': async () => (await import('./kms/kms-create-key.js')).createKeyVerb,
  'kms list': async () => (await import('./kms/kms-list.js')).listVerb,
  'kms describe': async () => (await import('./kms/kms-describe.js')).describeVerb,
  'kms disable': async () => (await import('./kms/kms-change.js')).disableVerb,
  'kms enable': async () => (await import('./kms/kms-change.js')).enableVerb,
  'kms rotate': async () => (await import('./kms/kms-change.js')).rotateVerb,
  'kms delete': async () => (await import('./kms/kms-delete.js')).deleteVerb,
  'kms undelete': async () => (await import('./kms/kms-delete.js')).undeleteVerb,
  'kms purge': async () => (await import('./kms/kms-purge.js')).purgeVerb,
  'kms import': async () => (await import('./kms/kms-import.js')).importVerb,
  'kms export': async () => (await import('./kms/kms-export.js')).exportVerb,
  version: async () => (await import('./version.js')).versionVerb,
  completion: async () => (await import('./completion.js')).completionVerb,
  help: async () => (await import('./help.js')).helpVerb,
};

/** The code for a command line; `--help` goes before everything else. */
export function verb({ command, options }: CommandLine): Promise<Verb> {
  return VERBS[options.has('help') ? 'help' : command.name]();
}
