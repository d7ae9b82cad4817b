import type { Message } from '../command-error.js';

/** Wrong use of `--metrics`. */
export const METRICS_USAGE = {
  inArchive: (name: string, directory: string): Message => ({
    what: `--metrics ${name} is in ${directory}, the folder of the archive`,
    hint: 'Nothing but the archive belongs there. Name a file elsewhere, such as one that node_exporter reads.',
  }),
  notOurs: (name: string): Message => ({
    what: `--metrics ${name} would replace something that is not a metrics file of sealpipe`,
    hint: 'Name another file, or remove it.',
  }),
} as const;

/** Notes on metrics. */
export const METRICS_NOTES = {
  cannotWrite: (name: string, why: string): string =>
    `the metrics in ${name} cannot be written (${why}): the archive continues, and writing them is retried`,
} as const;
