import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath } from '../external-tool.js';
import { answers, freePort } from '../moto-server.js';
import { makeTempFolder } from '../temp-folder.js';
import type { TestServer, Trait } from './servers.js';

const TOOLS = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin'];
const KEYS = { accessKeyId: 'gatewayuser', secretAccessKey: 'gatewaysecret' };
/** The gateway makes its pools before it answers. */
const STARTS_WITHIN = 90_000;

/** Whether Ceph's object gateway, a monitor and a store are installed. */
export function gatewayIsInstalled(): boolean {
  return TOOLS.every((tool) => toolPath(tool) !== undefined);
}

/** A Ceph of one monitor, one store in memory and one gateway: S3 by code that nobody here wrote. */
export async function startGateway(): Promise<TestServer> {
  const folder = await makeTempFolder();
  const [monitorPort, port] = [await freePort(), await freePort()];
  const configuration = join(folder, 'ceph.conf');
  const id = randomUUID();
  await writeFile(configuration, configurationOf(folder, id, monitorPort, port));
  const children: Array<ReturnType<typeof spawn>> = [];
  const run = (tool: string, ...words: string[]): string => {
    const { status, stdout, stderr } = spawnSync(tool, ['-c', configuration, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${tool} ${words.join(' ')}: ${stderr}`);
    return stdout;
  };
  const start = (tool: string, ...words: string[]): void => {
    children.push(spawn(tool, ['-c', configuration, '-f', ...words], { stdio: 'ignore' }));
  };
  const close = async (): Promise<void> => {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const map = join(folder, 'monmap');
    const address = `[v1:127.0.0.1:${monitorPort}]`;
    run('monmaptool', '--create', '--fsid', id, '--addv', 'a', address, map);
    run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
    start('ceph-mon', '-i', 'a');
    run('ceph', '--connect-timeout', '30', 'osd', 'create');
    await mkdir(join(folder, 'osd.0'));
    run('ceph-osd', '-i', '0', '--mkfs');
    start('ceph-osd', '-i', '0');
    run('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default');
    start('radosgw', '-i', 'rgw.a', '-n', 'client.rgw.a');
    await answers(`http://127.0.0.1:${port}`, STARTS_WITHIN);
    const user = ['user', 'create', '--uid', 'tests', '--display-name', 'tests'];
    run('radosgw-admin', ...user, '--access-key', KEYS.accessKeyId, '--secret', KEYS.secretAccessKey);
  } catch (error) {
    await close();
    throw error;
  }
  const lacks: readonly Trait[] = [
    'complete ifMatch',
    'complete ifNoneMatch',
    'object size',
    'part order',
    'part numbers',
    'checksums',
    'copy source ifMatch',
    'part number reads',
    'encryption echo',
    'trailers',
    'redirects',
    'tagged uploads',
  ];
  const endpoint = `http://127.0.0.1:${port}`;
  const clientConfig = { region: 'us-east-1', endpoint, forcePathStyle: true, credentials: KEYS };
  return { name: 'radosgw', clientConfig, lacks: new Set(lacks), close };
}

function configurationOf(folder: string, id: string, monitorPort: number, port: number): string {
  return `[global]
fsid = ${id}
auth cluster required = none
auth service required = none
auth client required = none
mon host = [v1:127.0.0.1:${monitorPort}]
ms bind msgr2 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon allow pool size one = true
mon data = ${folder}/mon
osd data = ${folder}/osd.$id
run dir = ${folder}
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${folder}/rgw
`;
}
