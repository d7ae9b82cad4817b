import type { Message } from '../../command-error.js';
import { shellQuoted } from '../../printable.js';

/** Failures of files. */
export const FILE_TROUBLE = {
  cannotRead: (name: string, why: string): Message => ({
    what: `cannot read ${name}: ${why}`,
    subject: name,
  }),
  nameNotText: (name: string): Message => ({
    what: `cannot read ${name}: its name is not valid UTF-8`,
    hint: 'Rename it. A file with such a name can also be read with <.',
    subject: name,
  }),
  cannotWrite: (name: string, why: string): Message => ({
    what: `cannot write ${name}: ${why}`,
    subject: name,
  }),
  isDirectory: (name: string, hint: string): Message => ({
    what: `${name} is a directory`,
    hint,
    subject: name,
  }),
  cutWhileRead: (name: string): Message => ({
    what: `${name} became shorter while it was being read, so the sealed stream was not finished`,
    hint: 'Seal it again when nothing is writing to it.',
  }),
  exists: (name: string): Message => ({
    what: `${name} already exists`,
    hint: 'Choose another name, or use --force to replace it.',
  }),
  sameFile: (input: string, output: string): Message => ({
    what: `${output} is the same file as ${input}`,
    hint: 'Write to another file: any failure would destroy the input.',
  }),
  dangling: (name: string, target: string): Message => ({
    what: `${name} is a symbolic link to ${target}, which does not exist`,
    hint: 'Name that file, or use --force to create it.',
  }),
  foreignLink: (name: string, link: string): Message => ({
    what: `cannot write ${name}: the symbolic link ${link} belongs to another user, in a folder that everyone may write to`,
    hint: 'Name the file itself.',
  }),
  foreignFifo: (name: string): Message => ({
    what: `cannot write ${name}: this FIFO belongs to another user, in a folder that everyone may write to`,
    hint: 'If its reader may have the data, write to it with >.',
  }),
  replacedWhileWritten: (name: string): Message => ({
    what: `cannot write ${name}: something else took its place while it was written`,
  }),
  folderMoved: (name: string): Message => ({
    what: `cannot write ${name}: its folder was moved or replaced while it was written`,
  }),
  mountPoint: (name: string): Message => ({
    what: `cannot replace ${name}: something is mounted there`,
    hint: `Without -o, > ${shellQuoted(name)} writes into it; its old content is then given up at once.`,
  }),
  nameLost: (name: string): Message => ({
    what: `${name} was removed or replaced while it was written: what was sealed is lost`,
  }),
  nameNotDurable: (name: string, why: string): Message => ({
    what: `${name} exists, but its folder cannot be made durable: ${why}`,
  }),
  manyLinks: (name: string): Message => ({ what: `cannot write ${name}: too many symbolic links` }),
  noEnd: (name: string): string => `What was written to ${name} has no end: delete it.`,
  noEndOfRecords: (name: string): string =>
    `What was written to ${name} has no end: it opens as far as it goes, with status 4.`,
  noEndThere: (name: string): string => `What was written to ${name} has no end: do not use it.`,
  untouched: (name: string): string => `${name} was not created or changed.`,
} as const;

/** Notes on files. */
export const FILE_NOTES = {
  temporaryStays: (name: string, temporary: string, why: string): string =>
    `${temporary}, which is beside ${name}, cannot be removed: ${why}`,
  noLastFrame: (signal: string, name: string): string =>
    `interrupted (${signal}): the input so far is in ${name}, which has no end`,
} as const;
