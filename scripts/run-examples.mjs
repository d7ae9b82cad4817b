// Runs every numbered example, one after another, each in an empty folder with no AWS account; ends at the first
// failure. Those for S3 run against moto_server, if it is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import ts from 'typescript';
import { startMoto } from './moto-server.mjs';

const BUCKET = 'my-bucket';
const examples = fileURLToPath(new URL('../examples', import.meta.url));
const names = readdirSync(examples)
  .filter((name) => /^\d\d-.*\.mjs$/.test(name))
  .sort();
if (names.length === 0) throw new Error('there are no examples');

// Without this, the AWS SDK warns on Node 20 that it will end its support for that version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const moto = await startMoto();
process.once('exit', () => moto?.close());
const onS3 = moto && (await withBucket(moto.url));
const runnable = names.filter((name) => onS3 !== undefined || !needsS3(name));
for (const name of names.filter((one) => !runnable.includes(one)))
  console.log(`${name} skipped: moto_server is not there`);
if (runnable.length < names.length && process.env.CI) process.exitCode = 1;

const failed = await firstFailure();
moto?.close();
if (failed !== undefined) process.exitCode = 1;
else console.log(`examples: ${runnable.length} passed, 0 failed, ${names.length - runnable.length} skipped`);

async function firstFailure() {
  for (const name of runnable) if (!(await passes(name))) return name;
  return undefined;
}

/**
 * Runs an example. This process stays free to read what moto_server logs, which stops if nobody does.
 *
 * @param {string} name
 */
async function passes(name) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-example-'));
  const started = performance.now();
  const compiled = compiledForOlderNode(join(examples, name));
  const example = spawn(
    process.execPath,
    compiled === undefined ? [join(examples, name)] : ['--input-type=module', '-'],
    {
      // A program from standard input finds the package from the folder that it runs in.
      cwd: compiled === undefined ? folder : examples,
      env: { ...environment(folder), ...(needsS3(name) ? onS3 : {}) },
      timeout: 300_000,
    },
  );
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [example.stdout, example.stderr]) stream.on('data', (chunk) => said.push(chunk));
  example.stdin.on('error', () => undefined).end(compiled ?? '');
  const [status, signal] = await once(example, 'close');
  rmSync(folder, { recursive: true, force: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) console.log(`${name} ${seconds} s`);
  else console.error(`${name} failed (${signal ?? status}) after ${seconds} s\n${Buffer.concat(said)}`);
  return status === 0;
}

/** @param {string} name */
function needsS3(name) {
  return readFileSync(join(examples, name), 'utf8').includes("'@aws-sdk/client-s3'");
}

/** A bucket on a server that plays S3, and the environment to reach it. @param {string} url */
async function withBucket(url) {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new S3Client({ endpoint: url, region: 'us-east-1', credentials });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  return {
    BUCKET,
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

/**
 * An example in syntax that only Node 24 has, as TypeScript compiles it for this one; undefined if it runs as it is.
 *
 * @param {string} file
 */
function compiledForOlderNode(file) {
  const code = readFileSync(file, 'utf8');
  if (Number.parseInt(process.versions.node, 10) >= 24 || !/^\s*(await )?using /m.test(code))
    return undefined;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

/** @param {string} folder */
function environment(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|SEALPIPE_)/.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: folder, SEALPIPE_HOME: join(folder, '.sealpipe') };
}
