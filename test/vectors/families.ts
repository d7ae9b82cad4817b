/** What each family is about, in the order of the index. */
export const FAMILIES = {
  writer:
    'streams as a writer makes them, with everything that decides their bytes: lengths of 0, 1, F - 1, F and F + 1 bytes, flushes, every frame size, envelopes that are hard to pad, 66,000 frames',
  prologue: 'every field of the prologue, and two illegal fields at once: the first decides',
  prefix:
    'input that ends within its preamble: truncated while every byte fits, refused at the first that does not',
  limit: 'streams within the format and over a limit of the reader',
  encoding: 'the MessagePack subset',
  'utf-8': 'strict UTF-8, wherever a string stands',
  bound: 'what the bound must hold',
  context: "the encryption context of the stream and the reader's",
  chain: 'the place of a stream in an archive, and the segments of one archive with their digests',
  envelope: 'what the envelope must hold, and its limits',
  recipients: 'which recipient is used, which is set aside, what makes a key mismatch',
  frames: 'for each layout: damaged, exchanged, dropped, doubled, cut, spliced and misshapen frames',
  cuts: 'small streams, with a table that says what becomes of them when they are cut, for every length',
} as const;

export type Family = keyof typeof FAMILIES;
export const FAMILY_NAMES = Object.keys(FAMILIES) as readonly Family[];

export function familyOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
