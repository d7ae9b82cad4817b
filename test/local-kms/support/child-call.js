import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @typedef {(operation: string, input: object) => Promise<Record<string, any>>} Call */

/**
 * Opens the built KMS in a child process, which on Node 20 cannot run the sources.
 *
 * @param {string} entry the path of dist/local-kms.js
 * @param {string} directory
 * @returns {Promise<Call>} calls an operation; a refusal is thrown as an Error that has AWS's name
 */
export async function openKms(entry, directory) {
  const { createLocalKms } = await import(pathToFileURL(entry).href);
  const { requestHandler } = createLocalKms({ directory });
  return async (operation, input) => {
    const headers = { 'x-amz-target': `TrentService.${operation}` };
    const { response } = await requestHandler.handle({ headers, body: JSON.stringify(input) });
    const content = JSON.parse(new TextDecoder().decode(response.body));
    if (response.statusCode === 200) return content;
    throw Object.assign(new Error(content.message ?? ''), { name: content.__type });
  };
}

/**
 * Tells the parent, before anything else happens.
 *
 * @param {unknown} line
 */
export function report(line) {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
