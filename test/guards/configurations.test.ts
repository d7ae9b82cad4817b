import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toolPath } from '../support/external-tool.js';
import { prerequisite } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { dockerfileOffences, documentOffences, unitOffences } from './configurations.js';
import { blocksIn, blocksOf } from './page-blocks.js';
import { pages } from './pages.js';

const blocks = pages.flatMap(({ path, text }) => blocksOf(path, text));
const textsIn = (language: string) =>
  blocksIn(blocks, [language]).map(({ page, line, code }) => [`${page}:${line}`, code] as const);

/** The documents of a text in YAML, as Python's parser reads them: that of moto. @throws Error for what is no YAML */
function documentsIn(yaml: string): unknown[] {
  const program = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: yaml, encoding: 'utf8' }));
}

const hasYaml = async () =>
  toolPath('python3') !== undefined && (await runProcess('python3', ['-c', 'import yaml'])).status === 0;

describe('the configurations on the pages', () => {
  it('are all of a kind that is looked at', () => {
    const counts = ['yaml', 'ini', 'dockerfile'].map((language) => textsIn(language).length);
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it('are YAML, and what they say they are', async (context) => {
    prerequisite(context, await hasYaml(), 'python3 with yaml');
    const found = textsIn('yaml').map(([name, text]) => [name, documentOffences(documentsIn(text))]);
    expect(found.filter(([, offences]) => offences!.length > 0)).toEqual([]);
  });

  it('are units that systemd takes', async () => {
    const found = textsIn('ini').map(([name, text]) => [name, unitOffences(text)]);
    expect(found.filter(([, offences]) => offences!.length > 0)).toEqual([]);
    if (toolPath('systemd-analyze') === undefined) return;
    const folder = await tempFolder();
    for (const [name, text] of textsIn('ini')) {
      const path = join(folder, 'my-app.service');
      await writeFile(path, text);
      const { status, stderr } = await runProcess('systemd-analyze', ['verify', path]);
      expect([name, status, stderr]).toEqual([name, 0, expect.not.stringContaining('my-app.service')]);
    }
  });

  it('are Dockerfiles', () => {
    const found = textsIn('dockerfile').map(([name, text]) => [name, dockerfileOffences(text)]);
    expect(found.filter(([, offences]) => offences!.length > 0)).toEqual([]);
  });
});

describe('the guard of configurations', () => {
  it('sees what is wrong with a unit', () => {
    expect(unitOffences('[Service]\nExecStart=/bin/true\n\n# why\n[Install]\nWantedBy=a.target')).toEqual([]);
    expect(unitOffences('Type=exec\n[Servce]\nExecStart=true\ntype exec')).toEqual([
      'before any section: Type=exec',
      'a section that no service has: [Servce]',
      'no NAME=VALUE: type exec',
      'no ExecStart with an absolute path',
    ]);
  });

  it('sees what is wrong with a Dockerfile', () => {
    expect(dockerfileOffences('FROM a\nENTRYPOINT ["a", "b"]')).toEqual([]);
    expect(dockerfileOffences("COPY a b\nINSTALL c\nCMD ['a']")).toEqual([
      'does not begin with FROM',
      'no instruction: INSTALL c',
      "no list in JSON: CMD ['a']",
    ]);
  });

  it('sees what is wrong with documents', () => {
    const pod = (mounted: string, image?: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: {
        volumes: [{ name: 'logs' }],
        containers: [{ name: 'b', image, volumeMounts: [{ name: mounted }] }],
      },
    });
    expect(
      documentOffences([pod('logs', 'c'), { groups: [{ rules: [{ alert: 'a', expr: 'b' }] }] }]),
    ).toEqual([]);
    expect(documentOffences([pod('data')])).toEqual([
      'Pod: a container without a name or image',
      'b mounts data, which is not there',
    ]);
    expect(documentOffences([{ kind: 'Pod' }, { groups: [{ rules: [{ alert: 'a' }] }] }])).toEqual([
      expect.stringContaining('neither of Kubernetes'),
      'no rule: {"alert":"a"}',
    ]);
  });
});
