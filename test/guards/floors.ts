import { innerOffences } from './inner-floors.js';
import { UNREADABLE } from './module-imports.js';
import { type Arrow, arrowsOf, loadedWith, partOf, type SourceTree } from './source-tree.js';

/** The house: which floor each folder of `src/` and each file at its top stands on. Arrows go down only. */
export const FLOORS: Readonly<Record<string, number>> = {
  'errors.ts': 0,
  'bytes.ts': 0,
  'options.ts': 0,
  'realms.ts': 0,
  'suggestion.ts': 0,
  'foreign-error.ts': 0,
  'printable.ts': 0,
  'suites.ts': 0,
  'well-formed.ts': 0,
  'abort.ts': 0,
  'file-system.ts': 0,
  'key-arn.ts': 0,
  'key-text.ts': 0,
  'limits.ts': 0,
  'stream-fault.ts': 0,
  'system-error.ts': 0,
  format: 1,
  crypto: 1,
  sources: 1,
  'local-kms': 1,
  frames: 2,
  keys: 2,
  session: 3,
  blocks: 4,
  streams: 4,
  files: 5,
  sealed: 6,
  'index.ts': 7,
  s3: 7,
  logs: 8,
  cli: 10,
};

/** What floor 0 may take from outside. */
const GROUND = /^node:util$/;

const CIPHERS = /^((node:)?crypto$|@noble\/)/;

/** What a part may not import whatever its floor, and why. */
const BANS: ReadonlyArray<{ part: string; of: RegExp; but?: (arrow: Arrow) => boolean; why: string }> = [
  { part: 'format', of: /^(node:)?stream(\/|$)/, why: 'format knows no streams' },
  { part: 'format', of: /^(node:)?crypto$/, why: 'format knows no crypto' },
  { part: 'crypto', of: /^(node:)?stream(\/|$)/, why: 'crypto knows no streams' },
  { part: 'frames', of: /^(node:)?stream(\/|$)/, why: 'frames know no streams' },
  { part: 'session', of: /^(node:)?stream(\/|$)/, why: 'a session knows no streams' },
  { part: 'format', of: /^(node:)?fs(\/|$)/, why: 'format knows no files' },
  { part: 'frames', of: /^(node:)?fs(\/|$)/, why: 'frames know no files' },
  { part: 'session', of: /^(node:)?fs(\/|$)/, why: 'a session knows no files' },
];

/** Parts with a floor of their own kind: they play an outside party and see floor 0 alone. */
const OUTSIDE_PARTIES = new Set(['local-kms']);

/** Every arrow that does not go down, in words. */
export function floorOffences(tree: SourceTree): string[] {
  const arrows = arrowsOf(tree);
  const unknown = [...new Set([...tree.keys()].map(partOf))].filter((part) => FLOORS[part] === undefined);
  return [
    ...unknown.map((part) => `src/${part} stands on no floor: give it one in test/guards/floors.ts`),
    ...innerOffences(tree),
    ...arrows.flatMap((arrow) =>
      offenceOf(arrow, tree).map((why) => `src/${arrow.from}:${arrow.line} ${why}`),
    ),
  ];
}

function offenceOf(arrow: Arrow, tree: SourceTree): string[] {
  if (arrow.specifier === UNREADABLE) return ['imports something that cannot be read here: use a literal'];
  const part = partOf(arrow.from);
  const floor = FLOORS[part] ?? 0;
  if (floor === 0 && FLOORS[arrow.target ?? ''] !== 0 && !GROUND.test(arrow.specifier)) {
    return [`imports ${arrow.specifier}: floor 0 stands on nothing but itself and node:util`];
  }
  if (arrow.target === undefined) {
    return BANS.filter((ban) => ban.part === part && ban.of.test(arrow.specifier)).map(
      (ban) => `imports ${arrow.specifier}: ${ban.why}`,
    );
  }
  if (!tree.has(arrow.target)) return [`imports ${arrow.specifier}, which is not there`];
  const target = partOf(arrow.target);
  if (target === part) return [];
  const below = FLOORS[target] ?? 0;
  if (floor === 0) return [];
  if (OUTSIDE_PARTIES.has(part) && below > 0)
    return [`imports src/${arrow.target}: ${part} sees floor 0 alone`];
  return below < floor
    ? []
    : [`(floor ${floor}) imports src/${arrow.target} (floor ${below}): arrows go down only`];
}

/** What the command may import beside floor 0, as everybody may, and the atomic writer of files. */
const PUBLIC_ENTRIES =
  /^(index|keys\/index|keys\/kms\/index|local-kms\/index|s3\/index|logs\/index)\.ts$|^files\/replace-file\//;

/** What else the command imports, and why users have no such entry. */
export const COMMAND_NEEDS: Readonly<Record<string, string>> = {
  'files/byte-file.ts': 'standard input and output are open descriptors, read and written in pieces',
  'files/descriptor-file.ts': 'the same',
  'files/pipes/pipe-file.ts': 'the same, for pipes',
  'files/file-encryption.ts': 'when it fails, what was written decides what is said of the output',
  'files/file-decryption.ts': 'the same; it names the key that opened before the first byte is written',
  'files/file-head.ts': 'looks at the recipients before it chooses keys, and goes on reading the same file',
  'files/interrupted-rewrap.ts': 'names an interrupted re-wrap, and finds the keys of its journal',
  'files/steady-head.ts': 'reads a head anew that a re-wrap changes meanwhile, and names such a re-wrap',
  'format/encryption-context.ts': 'checks --context before any file is opened',
  'keys/home.ts': 'kms commands say where the keys are',
  'local-kms/local-kms.ts': 'lists keys although some are damaged, and makes a key and its alias at once',
  'logs/upkeep/index.ts': 'the surface of the library has no names for what is done to archives',
  's3/location.ts': 'verify, recover and ranges require the place of an object, as decryptObject() does',
  's3/names.ts': 'tells objects from files, and splits their names, before any code of S3 is loaded',
  's3/upload/journal/open-uploads.ts': 'lists and removes the uploads that its own journals know of',
  'sources/descriptor-name.ts': 'a path that names a descriptor of ours is never opened by that name',
};

/** What the command imports although users cannot, and needs that are over. */
export function commandOffences(tree: SourceTree, needs = COMMAND_NEEDS): string[] {
  const arrows = arrowsOf(tree).filter(({ from, target }) => {
    if (partOf(from) !== 'cli' || target === undefined || partOf(target) === 'cli') return false;
    return FLOORS[target] !== 0 && !PUBLIC_ENTRIES.test(target);
  });
  const used = new Set(arrows.map(({ target }) => target));
  const over = Object.keys(needs).filter((target) => !used.has(target));
  return [
    ...arrows
      .filter(({ target }) => !Object.hasOwn(needs, target!))
      .map(({ from, line, target }) => `src/${from}:${line} imports src/${target}, which is no public entry`),
    ...over.map((target) => `the command no longer imports src/${target}: take it off the list`),
  ];
}

/**
 * Every import of AWS code in the wrong place: it belongs to `keys/kms`, and to `s3`, which loads it at its first call;
 * the command reaches it lazily.
 */
export function awsOffences(tree: SourceTree): string[] {
  const arrows = arrowsOf(tree);
  const aws = arrows.filter((arrow) => /^@(aws-sdk|aws-crypto|smithy)\//.test(arrow.specifier));
  const misplaced = aws.filter((arrow) => {
    if (arrow.from.startsWith('keys/kms/') || arrow.from === 'keys/kms.ts') return false;
    if (partOf(arrow.from) === 's3') return !arrow.dynamic && !arrow.typeOnly;
    return !(partOf(arrow.from) === 'cli' && (arrow.dynamic || arrow.typeOnly));
  });
  const eager = ['index.ts', 'keys/index.ts', 'cli/main.ts', 'local-kms/index.ts', 's3/index.ts'].flatMap(
    (entry) => {
      const loaded = loadedWith(entry, arrows);
      return aws
        .filter((arrow) => loaded.has(arrow.from) && !arrow.typeOnly && !arrow.dynamic)
        .map((arrow) => `src/${entry} loads ${arrow.specifier} through src/${arrow.from}`);
    },
  );
  return [
    ...misplaced.map((arrow) => `src/${arrow.from}:${arrow.line} imports ${arrow.specifier}`),
    ...eager,
  ];
}

/** Every cipher that is loaded with a file of `frames`, by whatever way: the engine of frames is handed its cipher. */
export function cipherOffences(tree: SourceTree): string[] {
  const arrows = arrowsOf(tree);
  const ciphers = arrows.filter((arrow) => CIPHERS.test(arrow.specifier) && !arrow.typeOnly);
  return [...tree.keys()]
    .filter((file) => partOf(file) === 'frames')
    .flatMap((file) => {
      const loaded = loadedWith(file, arrows);
      const reached = ciphers.filter((arrow) => loaded.has(arrow.from));
      return reached.map((arrow) => `src/${file} loads ${arrow.specifier} through src/${arrow.from}`);
    });
}

/** Every cycle among the files, types and lazy imports included, each named once. */
export function cycles(tree: SourceTree): string[] {
  const next = new Map<string, string[]>();
  for (const { from, target } of arrowsOf(tree)) {
    if (target !== undefined && tree.has(target)) next.set(from, [...(next.get(from) ?? []), target]);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const target of new Set(next.get(file))) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of tree.keys()) walk(file, []);
  return found;
}
