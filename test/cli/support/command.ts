import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';
import { tempFolder } from '../../support/temp-folder.js';

/** The command as it is built. */
export const MAIN = join(repositoryRoot, 'dist/sealpipe.js');

/** A folder of a user's own, and the environment to run the command in. */
export interface Place {
  readonly folder: string;
  /** SEALPIPE_HOME. */
  readonly home: string;
  /** With `sealpipe` on PATH, and nothing of AWS. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Makes a fresh place, removed when the running test is over; or in `root`, which whoever asks removes. */
export async function makePlace(root?: string): Promise<Place> {
  return placeIn(root ?? (await tempFolder()));
}

async function placeIn(root: string): Promise<Place> {
  const [folder, home, bin] = ['here', 'seal-home', 'bin'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(folder);
  await mkdir(bin);
  await writeFile(join(bin, 'sealpipe'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, {
    mode: 0o755,
  });
  const aws = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  return {
    folder,
    home,
    env: {
      ...Object.fromEntries(aws.map((name) => [name, undefined])),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(root, 'no-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(root, 'no-credentials'),
      SEALPIPE_HOME: home,
      SEALPIPE_KEY: undefined,
      NO_COLOR: undefined,
      NODE_OPTIONS: undefined,
      LC_ALL: 'C.UTF-8',
      PATH: `${bin}:${process.env.PATH}`,
    },
  };
}
