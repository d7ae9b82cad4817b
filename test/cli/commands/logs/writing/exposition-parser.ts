/** Metrics as a collector takes them: name and sorted labels to value. */
export type ParsedMetrics = ReadonlyMap<string, number>;

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ([^\n]+)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^{}]*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"$/;
const NUMBER = /^-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|Inf)$|^NaN$/;

/**
 * Parses the text format of Prometheus, version 0.0.4, and takes no liberties: HELP, TYPE and samples of each metric stand
 * together, once, in this order; the last line ends.
 */
export function parseExposition(text: string): ParsedMetrics {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const found = new Map<string, number>();
  const known = new Set<string>();
  let described: string | undefined;
  let typed: string | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const help = HELP.exec(line)?.[1];
    const [, type, kind] = TYPE.exec(line) ?? [];
    const sample = SAMPLE.exec(line);
    if (help !== undefined) {
      if (known.has(help)) throw new Error(`twice: ${help}`);
      known.add(help);
      described = help;
      typed = undefined;
    } else if (type !== undefined) {
      if (type !== described || typed !== undefined) throw new Error(`out of place: ${line}`);
      if ((kind === 'counter') !== type.endsWith('_total')) throw new Error(`a wrong name: ${line}`);
      typed = type;
    } else if (sample !== null) {
      const [, name, labels = '', value = ''] = sample;
      if (name !== typed) throw new Error(`out of place: ${line}`);
      if (!NUMBER.test(value)) throw new Error(`no number: ${line}`);
      const parsed = labels.split(',').map((label) => LABEL.exec(label) ?? fail(line));
      const key = `${name} ${parsed.map(([, label, text]) => `${label}=${text}`).sort()}`;
      if (found.has(key)) throw new Error(`twice: ${line}`);
      found.set(key, Number(value));
    } else fail(line);
  }
  return found;
}

function fail(line: string): never {
  throw new Error(`not a line of metrics: ${JSON.stringify(line)}`);
}
