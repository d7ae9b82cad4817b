import type { CommandLine } from './line/command-line.js';
import type { CommandName } from './line/commands.js';
import type { Verb } from './verb.js';

/** Each command's code, loaded when it is called for: `--help` and `inspect` load no cipher and no AWS code. */
const VERBS: Readonly<Record<CommandName, () => Promise<Verb>>> = {
  encrypt: async () => (await import('./verbs/encrypt.js')).encryptVerb,
  decrypt: async () => (await import('./verbs/decrypt.js')).decryptVerb,
  inspect: async () => (await import('./verbs/inspect.js')).inspectVerb,
  'kms create-key': async () => (await import('./verbs/kms-create-key.js')).createKeyVerb,
  'kms list': async () => (await import('./verbs/kms-list.js')).listVerb,
  'kms describe': async () => (await import('./verbs/kms-describe.js')).describeVerb,
  'kms disable': async () => (await import('./verbs/kms-change.js')).disableVerb,
  'kms enable': async () => (await import('./verbs/kms-change.js')).enableVerb,
  'kms rotate': async () => (await import('./verbs/kms-change.js')).rotateVerb,
  'kms delete': async () => (await import('./verbs/kms-delete.js')).deleteVerb,
  'kms undelete': async () => (await import('./verbs/kms-delete.js')).undeleteVerb,
  'kms purge': async () => (await import('./verbs/kms-purge.js')).purgeVerb,
  'kms import': async () => (await import('./verbs/kms-import.js')).importVerb,
  'kms export': async () => (await import('./verbs/kms-export.js')).exportVerb,
  version: async () => (await import('./verbs/version.js')).versionVerb,
  completion: async () => (await import('./verbs/completion.js')).completionVerb,
  help: async () => (await import('./verbs/help.js')).helpVerb,
};

/** The code for a command line; `--help` goes before everything else. */
export function verb({ command, options }: CommandLine): Promise<Verb> {
  return VERBS[options.has('help') ? 'help' : command.name]();
}
