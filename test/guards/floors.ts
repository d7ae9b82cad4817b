import { BANS, COMMAND_NEEDS, FLOORS, OUTSIDE_PARTIES, PUBLIC_ENTRIES } from './floor-table.js';
import { innerOffences } from './inner-floors.js';
import { UNREADABLE } from './module-imports.js';
import { type Arrow, arrowsOf, loadedWith, partOf, type SourceTree } from './source-tree.js';

/** What floor 0 may take from outside. */
const GROUND = /^node:util$/;

const CIPHERS = /^((node:)?crypto$|@noble\/)/;

/** Every arrow that does not go down, in words. */
export function floorOffences(tree: SourceTree): string[] {
  const arrows = arrowsOf(tree);
  const unknown = [...new Set([...tree.keys()].map(partOf))].filter((part) => FLOORS[part] === undefined);
  return [
    ...unknown.map((part) => `src/${part} stands on no floor: give it one in test/guards/floor-table.ts`),
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
  if (floor === 0 && FLOORS[partOf(arrow.target ?? '')] !== 0 && !GROUND.test(arrow.specifier)) {
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

/** What the command imports although users cannot, and needs that are over. */
export function commandOffences(tree: SourceTree, needs = COMMAND_NEEDS): string[] {
  const arrows = arrowsOf(tree).filter(({ from, target }) => {
    if (partOf(from) !== 'cli' || target === undefined || partOf(target) === 'cli') return false;
    return FLOORS[partOf(target)] !== 0 && !PUBLIC_ENTRIES.test(target);
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
