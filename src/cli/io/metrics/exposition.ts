/** A metric, with a value for each set of labels. */
export interface Metric {
  readonly name: string;
  /** The name of a counter ends with `_total`. */
  readonly type: 'counter' | 'gauge';
  /** One line. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A value under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Metrics in the text format of Prometheus, version 0.0.4, which node_exporter reads from files. Labels must not need escapes.
 */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(({ labels, value }) => `${name}{${labelsText(labels)}} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
}
