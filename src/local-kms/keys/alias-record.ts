import { createHash } from 'node:crypto';
import type { RecordCodec } from '../storage/record-file.js';
import { encodeRecord, RecordReader } from '../storage/record-file.js';
import { ALIAS_NAME, KEY_ID } from './names.js';

/** One generation of an alias. */
export interface AliasRecord {
  /** With its prefix `alias/`. */
  readonly aliasName: string;
  /** Absent: the alias was deleted. */
  readonly targetKeyId?: string;
  readonly creationDate: number;
  readonly lastUpdatedDate: number;
}

const TYPE = 'alias';

export const ALIAS_RECORD: RecordCodec<AliasRecord> = {
  encode: (record) => encodeRecord(TYPE, { ...record }),
  decode(content, id) {
    const read = new RecordReader(TYPE, content);
    const record: AliasRecord = {
      aliasName: read.string('aliasName', ALIAS_NAME),
      ...(read.has('targetKeyId') ? { targetKeyId: read.string('targetKeyId', KEY_ID) } : {}),
      creationDate: read.time('creationDate'),
      lastUpdatedDate: read.time('lastUpdatedDate'),
    };
    if (aliasFileId(record.aliasName) !== id) throw new Error('its aliasName is not the one in its name');
    return record;
  },
};

/** The name of an alias's files. Aliases hold slashes, may be too long for a file name, and may differ only in case. */
export function aliasFileId(aliasName: string): string {
  return createHash('sha256').update(aliasName).digest('hex');
}
