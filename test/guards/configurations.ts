/** Sections that a unit of systemd of kind `service` may have. */
const SECTIONS = new Set(['Unit', 'Service', 'Install']);
const INSTRUCTIONS = new Set(
  'FROM RUN COPY ADD ENV ARG WORKDIR USER VOLUME EXPOSE LABEL ENTRYPOINT CMD HEALTHCHECK STOPSIGNAL SHELL'.split(
    ' ',
  ),
);
/** Instructions whose value may be a list in JSON. */
const LISTS = new Set(['ENTRYPOINT', 'CMD', 'SHELL', 'VOLUME', 'RUN']);

/** What is wrong with the form of a unit of systemd. */
export function unitOffences(text: string): string[] {
  const offences: string[] = [];
  let section: string | undefined;
  for (const line of text.split('\n')) {
    const named = /^\[(\w+)\]$/.exec(line)?.[1];
    if (line === '' || line.startsWith('#')) continue;
    if (named !== undefined) {
      section = named;
      if (!SECTIONS.has(named)) offences.push(`a section that no service has: ${line}`);
    } else if (section === undefined) offences.push(`before any section: ${line}`);
    else if (!/^[A-Z]\w+=\S/.test(line)) offences.push(`no NAME=VALUE: ${line}`);
  }
  if (!/^ExecStart=\/\S/m.test(text)) offences.push('no ExecStart with an absolute path');
  return offences;
}

/** What is wrong with the form of a Dockerfile. */
export function dockerfileOffences(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const offences = lines.flatMap((line) => {
    const [, instruction = '', value = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (!INSTRUCTIONS.has(instruction)) return [`no instruction: ${line}`];
    if (!LISTS.has(instruction) || !value.startsWith('[')) return [];
    return isListOfText(value) ? [] : [`no list in JSON: ${line}`];
  });
  return lines[0]?.startsWith('FROM ') ? offences : ['does not begin with FROM', ...offences];
}

/** What is wrong with documents of Kubernetes, or with rules of Prometheus, or a file of Docker Compose. */
export function documentOffences(documents: readonly unknown[]): string[] {
  return documents.flatMap((document) => {
    const { apiVersion, kind, metadata, groups, services } = (document ?? {}) as Record<string, unknown>;
    if (groups !== undefined) return ruleOffences(groups);
    if (services !== undefined) return typeof services === 'object' ? [] : ['services are no mapping'];
    const isNamed = typeof (metadata as { name?: unknown } | undefined)?.name === 'string';
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isNamed) {
      return [`neither of Kubernetes, Compose nor Prometheus: ${JSON.stringify(document).slice(0, 80)}`];
    }
    return mountOffences(document as Workload);
  });
}

interface PodSpec {
  readonly volumes?: readonly { readonly name: string }[];
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

interface Workload {
  readonly kind: string;
  readonly spec?: PodSpec & {
    readonly template?: { readonly spec?: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

/** Each container has a name and an image, and mounts volumes that are there. */
function mountOffences({ kind, spec }: Workload): string[] {
  const pod = kind === 'Pod' ? spec : spec?.template?.spec;
  if (pod === undefined) return [];
  const claims = spec?.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? [];
  const known = new Set([...(pod.volumes ?? []).map(({ name }) => name), ...claims]);
  return [...(pod.containers ?? []), ...(pod.initContainers ?? [])].flatMap(
    ({ name, image, volumeMounts = [] }) => [
      ...(typeof name === 'string' && typeof image === 'string'
        ? []
        : [`${kind}: a container without a name or image`]),
      ...volumeMounts
        .filter((mount) => !known.has(mount.name))
        .map((mount) => `${name} mounts ${mount.name}, which is not there`),
    ],
  );
}

function ruleOffences(groups: unknown): string[] {
  const rules = (groups as { rules: { alert?: unknown; expr?: unknown }[] }[]).flatMap(
    (group) => group.rules,
  );
  return rules
    .filter(({ alert, expr }) => typeof alert !== 'string' || typeof expr !== 'string')
    .map((rule) => `no rule: ${JSON.stringify(rule)}`);
}

function isListOfText(text: string): boolean {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}
