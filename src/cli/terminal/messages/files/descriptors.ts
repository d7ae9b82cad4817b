import type { Message } from '../../command-error.js';

/** Failures of inherited descriptors. */
export const DESCRIPTOR_TROUBLE = {
  hungUp: (): Message => ({
    what: 'standard input is a terminal that was closed before the end was typed, so the sealed stream was not finished',
  }),
  closedInput: (name: string): Message => ({
    what: `${name} is closed`,
    hint: 'Name a FILE, or pipe something in; < /dev/null is an empty input. (/dev/null opened for reading and writing looks the same as a closed one.)',
  }),
  closedOutput: (name: string): Message => ({
    what: `${name} is closed, and its output would be lost`,
    hint: 'Write to a file with > FILE, or to > /dev/null. (/dev/null opened for reading and writing looks the same as a closed one.)',
  }),
  writeOnly: (name: string): Message => ({ what: `cannot read ${name}: it is open for writing only` }),
  readOnly: (name: string): Message => ({ what: `cannot write ${name}: it is open for reading only` }),
  noByteStream: (name: string): Message => ({
    what: `${name} is a socket of a kind that cannot be used as a stream of bytes here`,
    hint: 'Packets and datagrams are lost and cut without a word. Put a pipe between: cat | sealpipe … | cat.',
  }),
} as const;

/** Wrong use of inherited descriptors. */
export const DESCRIPTOR_USAGE = {
  programErrors: (program: string): Message => ({
    what: `what ${program} writes to standard error would get into the sealed stream, which goes to the same place`,
    hint: 'Nothing was sealed. Leave out 2>&1, or write the stream with -o FILE.',
  }),
} as const;
