import { MAX_RECIPIENTS } from '../limits.js';
import { readRecipient } from './envelope.js';
import type { EnvelopeEntry, EnvelopeParts } from './joined-envelope.js';
import { PAD, RECIPIENTS } from './joined-envelope.js';
import { PackReader, text } from './pack-reader.js';

/**
 * Splits an envelope that a reader has accepted into its parts.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function partsOf(envelope: Uint8Array): EnvelopeParts {
  const before: Uint8Array[] = [];
  const behind: Uint8Array[] = [];
  const entries: EnvelopeEntry[] = [];
  PackReader.read(envelope, envelope.length, (reader) => {
    for (let left = reader.mapSize(); left > 0; left--) {
      const start = reader.position;
      const key = text(reader.strBytes());
      if (key === RECIPIENTS) {
        reader.array(1, MAX_RECIPIENTS, () => {
          const begin = reader.position;
          const recipient = readRecipient(reader);
          entries.push({ recipient, bytes: new Uint8Array(reader.since(begin)) });
        });
      } else {
        reader.skip();
        if (key !== PAD) (entries.length === 0 ? before : behind).push(new Uint8Array(reader.since(start)));
      }
    }
    reader.endMap();
  });
  return { entries, before, behind };
}
