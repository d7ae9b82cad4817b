// @ts-check
/*
 * Makes a year of log segments: the first few are real, the others are empty files. Takes the folder and the key as
 * JSON, prints an hour that the command should find.
 */

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFrom } from 'sealpipe/keys';
import { openLogWriter } from 'sealpipe/logs';
import { given } from '../child.mjs';

/** Ten million lines a day for a year, in segments of 250,000 lines. */
const SEGMENTS = 40 * 365;
const LENGTH = 86_400_000 / 40;
const BEGIN = Date.UTC(2026, 0, 1);
/** How many of them are real. */
const REAL = 8;

/** @type {{ directory: string, key: string }} */
const { directory, key } = given();
let now = BEGIN;
Date.now = () => now;
const writer = await openLogWriter({ keys: await keyFrom(key), directory });
for (let index = 0; index < REAL; index++) {
  for (const time of [index * LENGTH, (index + 1) * LENGTH - 1]) {
    now = BEGIN + time;
    await writer.whenWritten(writer.append(`a line of segment ${index}`));
  }
  if (index < REAL - 1) await writer.rotate();
}
await writer.end();
const folder = join(directory, writer.archive);
const left = readdirSync(folder).filter((name) => name.endsWith('.open'));
if (left.length > 0) throw new Error('A segment is not whole');
for (let index = REAL; index < SEGMENTS; index++) {
  const first = BEGIN + index * LENGTH;
  const name = `${String(index).padStart(12, '0')}-${first}-${first + LENGTH - 1}.sealed`;
  writeFileSync(join(folder, name), '');
}
console.log(
  JSON.stringify({
    since: new Date(BEGIN + 3 * LENGTH + 60_000).toISOString(),
    until: new Date(BEGIN + 3 * LENGTH + 3_660_000).toISOString(),
    segments: SEGMENTS,
  }),
);
