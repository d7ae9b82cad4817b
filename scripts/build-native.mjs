// node scripts/build-native.mjs [--required]
//
// Builds the addon of the native engine with the installed C compiler (CC, or cc), beside its source and into dist,
// each with a record of what it was built from. It never downloads and never fails, since the engine over node:crypto
// works without the addon; with --required, as for a package, it fails on Linux.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addonName,
  compile,
  fileDigest,
  flags,
  inputsDigest,
  sourceFolder,
  toolchain,
} from './native-build/compiler.mjs';
import { makeWhole } from './whole-file.mjs';

/** What follows the name of an addon in the name of its record. */
const RECORD = '.json';
const built = join(sourceFolder, addonName);
const shipped = join(fileURLToPath(new URL('../dist', import.meta.url)), addonName);

const why = attempt();
if (why !== undefined) {
  console.log(`sealpipe: the native engine was not built: ${why}`);
  if (process.argv.includes('--required') && process.platform === 'linux') process.exitCode = 1;
}

/** @returns {string | undefined} why it was not built */
function attempt() {
  try {
    const failure = isCurrent() ? undefined : build();
    for (const suffix of ['', RECORD]) {
      const target = shipped + suffix;
      if (failure === undefined) {
        makeWhole(target, (path) => copyFileSync(built + suffix, path));
      } else {
        rmSync(target, { force: true }); // an addon of another source is worse than none
      }
    }
    return failure;
  } catch (error) {
    return String(error);
  }
}

/** Whether the addon beside the source is the file that was built here from the current sources. */
function isCurrent() {
  try {
    const { sha256, inputs } = JSON.parse(readFileSync(built + RECORD, 'utf8'));
    return sha256 === fileDigest(built) && inputs === inputsDigest();
  } catch {
    return false; // one of the two is not there, or not whole
  }
}

/** @returns {string | undefined} why it was not built */
function build() {
  const inputs = inputsDigest();
  const failure = makeWhole(built, compile);
  if (failure !== undefined) return failure;
  const record = { file: addonName, sha256: fileDigest(built), ...toolchain(), flags, inputs };
  return makeWhole(built + RECORD, (path) =>
    writeFileSync(path, `${JSON.stringify(record, undefined, 2)}\n`),
  );
}
