// Run by npm in the checkout whenever its node_modules have changed (the script "dependencies"): builds if the compiler
// is installed. It never downloads and never fails the install: every script that needs the build makes it again and
// fails by itself. npm shows this output only with --foreground-scripts.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = compilerPath();
if (compiler === undefined) {
  console.log('sealpipe: not built, since typescript is not installed');
} else {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) console.log('sealpipe: not built; npm run build says why');
  else await bundleAndAddon();
}

async function bundleAndAddon() {
  try {
    await import('./bundle.mjs');
  } catch (error) {
    console.log(`sealpipe: not built; npm run build says why (${error})`);
  }
  await import('./build-native.mjs');
}

/** @returns {string | undefined} */
function compilerPath() {
  try {
    return createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  } catch {
    return undefined;
  }
}
