// node node_modules/sealpipe/scripts/rebuild-addon.mjs
//
// Compiles the addon of the native engine from the C sources in this package and compares it, byte for byte, with the
// one that the package carries. Status 0: they are the same. Status 1: they differ, or it could not be done. To get
// the same bytes, use the compiler and the linker that it prints (CC chooses another compiler).
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonName, compile, fileDigest, inputsDigest, toolchain } from './native-build/compiler.mjs';

const shipped = join(fileURLToPath(new URL('../dist', import.meta.url)), addonName);
const folder = mkdtempSync(join(tmpdir(), 'sealpipe-addon-'));
try {
  const why = compared(join(folder, addonName));
  console.log(why === undefined ? 'the same: this package carries what its sources make' : why);
  if (why !== undefined) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} rebuilt @returns {string | undefined} why they are not the same */
function compared(rebuilt) {
  if (!existsSync(shipped)) return `this package carries no ${addonName}`;
  const record = JSON.parse(readFileSync(`${shipped}.json`, 'utf8'));
  console.log(`carried  ${fileDigest(shipped)}  ${record.compiler}; ${record.linker}`);
  const failure = compile(rebuilt);
  if (failure !== undefined) return `it could not be rebuilt: ${failure}`;
  const here = toolchain();
  console.log(`rebuilt  ${fileDigest(rebuilt)}  ${here.compiler}; ${here.linker}`);
  if (fileDigest(rebuilt) === fileDigest(shipped)) return undefined;
  if (fileDigest(shipped) !== record.sha256)
    return 'they differ: the carried one is not the one of its record';
  if (inputsDigest() !== record.inputs) return 'they differ: the sources are not those of the record';
  const sameTools = here.compiler === record.compiler && here.linker === record.linker;
  return sameTools ? 'they differ' : 'they differ, and so do the compilers: repeat it with the one above';
}
