// For tests and measurements in their own processes: modules of src that the package does not export.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { disposal } from './disposal.mjs';
import { addonName, sourceFolder } from './native-build/compiler.mjs';
import { makeWhole, writeWhole } from './whole-file.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Below node_modules, so that what is installed is found from there. */
const folder = join(root, 'node_modules/.cache/sealpipe');

/**
 * Bundles modules of src as one module that has the exports of all of them, with the addon beside it if it was built.
 *
 * @param {readonly string[]} paths from the root of the checkout, such as `src/crypto/key-schedule.ts`
 * @returns {Promise<string>} its `file:` URL
 */
export async function innerModule(...paths) {
  const entry = '\0inner';
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    external: /^[^./\0]/,
    platform: 'node',
    transform: { target: 'node20.19' },
    plugins: [
      disposal,
      {
        name: 'inner',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? paths.map((path) => `export * from ${JSON.stringify(join(root, path))};`).join('\n')
            : undefined,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const { code } = output[0];
  const file = join(folder, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.js`);
  writeWhole(file, code);
  const addon = join(sourceFolder, addonName);
  if (existsSync(addon)) makeWhole(join(folder, addonName), (path) => copyFileSync(addon, path));
  return pathToFileURL(file).href;
}
