import { arrowsOf, partOf, type SourceTree } from './source-tree.js';

/** Folders that are houses of their own inside. */
const INNER_FLOORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'keys/kms': {
    'client-like.ts': 0,
    names: 0,
    errors: 1,
    'options.ts': 1,
    'settings.ts': 2,
    clients: 3,
    calls: 4,
    'provider.ts': 5,
    'index.ts': 6,
  },
  'local-kms': {
    protocol: 0,
    storage: 0,
    keys: 1,
    operations: 2,
    'in-flight.ts': 2,
    'request-handler.ts': 3,
    'client-config.ts': 4,
    'local-kms.ts': 5,
    'index.ts': 6,
  },
  sealed: {
    'any-opener.ts': 0,
    'digest.ts': 0,
    'sealed-options.ts': 0,
    'unlocked-head.ts': 0,
    reading: 1,
    recovery: 2,
    rewrapping: 2,
    verification: 3,
  },
  s3: {
    'client-like.ts': 0,
    'names.ts': 0,
    'location.ts': 1,
    store: 1,
    reading: 2,
    upload: 3,
    download: 3,
    'index.ts': 4,
  },
  logs: {
    units: 0,
    archive: 1,
    store: 2,
    segments: 3,
    reader: 3,
    upload: 4,
    proof: 4,
    writer: 5,
    upkeep: 6,
    pino: 6,
    'index.ts': 7,
  },
  cli: {
    terminal: 0,
    'exit-status.ts': 1,
    'interruption.ts': 1,
    'invocation.ts': 2,
    arguments: 2,
    io: 3,
    keys: 4,
    commands: 5,
    'run.ts': 6,
    'main.ts': 7,
  },
};

/** Every arrow inside of such a folder that does not go down, in words. */
export function innerOffences(tree: SourceTree): string[] {
  return Object.entries(INNER_FLOORS).flatMap(([folder, floors]) => offencesIn(tree, folder, floors));
}

function offencesIn(tree: SourceTree, folder: string, floors: Readonly<Record<string, number>>): string[] {
  const partIn = (file: string) => partOf(file.slice(folder.length + 1));
  const inside = (file: string | undefined): file is string => file?.startsWith(`${folder}/`) === true;
  const parts = new Set([...tree.keys()].filter(inside).map(partIn));
  const unknown = [...parts].filter((part) => floors[part] === undefined);
  return [
    ...unknown.map(
      (part) => `src/${folder}/${part} stands on no floor: give it one in test/guards/inner-floors.ts`,
    ),
    ...arrowsOf(tree).flatMap(({ from, target, line }) => {
      if (!inside(from) || !inside(target) || partIn(from) === partIn(target)) return [];
      const [floor, below] = [floors[partIn(from)] ?? 0, floors[partIn(target)] ?? 0];
      const words = `(floor ${floor} of ${folder}) imports src/${target} (floor ${below}): arrows go down only`;
      return below < floor ? [] : [`src/${from}:${line} ${words}`];
    }),
  ];
}
