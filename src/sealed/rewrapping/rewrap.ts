import { fileURLToPath } from 'node:url';
import { abortError } from '../../abort.js';
import { equalBytes, writeU32 } from '../../bytes.js';
import { optionsTypeError, SealpipeError } from '../../errors.js';
import type { FileSystem } from '../../file-system.js';
import { isSameFile } from '../../file-system.js';
import { replaceByCopy } from '../../files/heads/copy-file.js';
import type { LockedFile } from '../../files/heads/locked-file.js';
import { changed, openLocked } from '../../files/heads/locked-file.js';
import { readAt } from '../../files/heads/positioned.js';
import {
  finishReplacement,
  isOurs,
  journalPath,
  pendingChange,
  replaceHead,
} from '../../files/heads/replace-head.js';
import { systemFiles } from '../../files/heads/system-files.js';
import { partsOf } from '../../format/envelope-parts.js';
import { joined, joinedTo } from '../../format/joined-envelope.js';
import { loadPackWriter } from '../../format/pack-writer.js';
import type { Preamble } from '../../format/preamble.js';
import { PreambleReader } from '../../format/preamble.js';
import { ENVELOPE_LENGTH_AT } from '../../format/prologue.js';
import { assertWhole } from '../reading/whole-stream.js';
import { forget, KeyCalls } from './key-calls.js';
import type { NextRecipients } from './next-recipients.js';
import { Rewrapping } from './next-recipients.js';
import type { RewrapOptions, RewrapSettings } from './rewrap-options.js';
import { rewrapSettings } from './rewrap-options.js';
import { planned } from './rewrap-plan.js';
import type { RewrapReport } from './rewrap-report.js';
import { reportOf } from './rewrap-report.js';

/** A head and its parsed contents. */
interface Head {
  readonly bytes: Uint8Array;
  readonly preamble: Preamble;
  /** The offset of the envelope. */
  readonly envelopeStart: number;
}

/** The size of the first read, in bytes: larger than most heads. */
const FIRST_READ = 8_192;

/**
 * Changes the recipients of a sealed file. The data key stays the same, and no frame is touched. Between two keys in
 * one region of KMS this is one ReEncrypt call, and the data key never leaves KMS. The head is replaced in place, under
 * a lock and with a journal, if the new envelope fits; otherwise a copy replaces the file.
 *
 * A re-wrap is not a revocation: anyone who has an older copy of the file, or had the data key, can still open it.
 *
 * @param target a path, or a `file:` URL
 * @throws (rejects) SealpipeError like the opening of a stream; `ERR_SEALPIPE_LOCKED`, `ERR_SEALPIPE_CHANGED`;
 * TypeError or RangeError `ERR_SEALPIPE_OPTIONS`; an AbortError; the error of the system. The file is then unchanged,
 * or the next re-wrap completes the change from the journal beside it
 * @example
 * const { recipients } = await rewrap('backup.tar.sealed', { keys: oldKey, to: newKey });
 */
export function rewrap(target: string | URL, options: RewrapOptions): Promise<RewrapReport> {
  return rewrapOn(systemFiles, target, options);
}

/** The same on any file system. Never exported from the package. */
export async function rewrapOn(
  files: FileSystem,
  target: string | URL,
  options: RewrapOptions,
): Promise<RewrapReport> {
  const settings = rewrapSettings(options);
  const name = pathOf(target);
  const signal = settings.signal ?? new AbortController().signal;
  if (signal.aborted) throw abortError(signal);
  try {
    await loadPackWriter();
    if (settings.dryRun) return await dryRun(files, name, settings, signal);
    const locked = await openLocked(files, name);
    try {
      return await rewrapLocked(files, locked, settings, signal);
    } finally {
      await locked.file.close();
    }
  } catch (error) {
    if (signal.aborted) throw abortError(signal);
    throw error;
  }
}

async function rewrapLocked(
  files: FileSystem,
  locked: LockedFile,
  settings: RewrapSettings,
  signal: AbortSignal,
): Promise<RewrapReport> {
  const { path, file, facts, lock } = locked;
  if (lock !== 'locked' && (await files.facts(journalPath(path))) !== undefined) throw unfinishable(path);
  const finished = await finishReplacement(files, locked);
  const head = await readHead(locked, settings);
  const parts = partsOf(head.bytes.subarray(head.envelopeStart));
  const keys = new KeyCalls(head.preamble, settings.context, signal);
  const rewrapping = new Rewrapping(parts.entries, settings, keys);
  const next = await rewrapping.run();
  const before = parts.entries.map(({ recipient }) => recipient);
  const report = { path, finished, keys, before, next, settings };
  try {
    if (next.entries === parts.entries) return reportOf({ ...report, way: 'unchanged', bytesWritten: 0 });
    const length = head.bytes.length - head.envelopeStart;
    const inPlace = joinedTo(length, { ...parts, entries: next.entries });
    signal.throwIfAborted();
    if (inPlace !== undefined && lock === 'locked' && isOurs(facts)) {
      const change = { old: head.bytes, new: withEnvelope(head, inPlace) };
      await assertUnchanged(files, locked, head);
      const bytesWritten = await replaceHead(files, locked, change);
      return reportOf({ ...report, way: 'in place', bytesWritten });
    }
    const bytesWritten = await replaceByCopy(files, locked, {
      oldLength: head.bytes.length,
      head: withEnvelope(head, joined({ ...parts, entries: next.entries })),
      breakLinks: settings.breakLinks,
      assertWhole: () => assertWhole(file, head.preamble.header, keyedBy(keys, next), signal),
      signal,
    });
    return reportOf({ ...report, way: 'by copy', bytesWritten });
  } finally {
    forget(next.proven);
  }
}

/** Reports what would be done; assumes that a journal has already been applied. */
async function dryRun(
  files: FileSystem,
  name: string,
  settings: RewrapSettings,
  signal: AbortSignal,
): Promise<RewrapReport> {
  const path = await files.resolve(name);
  const file = await files.open(path, { access: 'read' });
  try {
    const locked = { path, file, facts: await file.facts() };
    const change = await pendingChange(files, locked);
    const head = await readHead(locked, settings, change === 'torn' ? undefined : change?.new);
    const { entries } = partsOf(head.bytes.subarray(head.envelopeStart));
    const keys = new KeyCalls(head.preamble, settings.context, signal);
    const rewrapping = new Rewrapping(entries, settings, keys);
    return planned({ path, finished: change !== undefined, settings, entries, rewrapping });
  } finally {
    await file.close();
  }
}

async function readHead(
  { path, file, facts }: Pick<LockedFile, 'path' | 'file' | 'facts'>,
  { limits }: RewrapSettings,
  known?: Uint8Array,
): Promise<Head> {
  if (facts.kind !== 'file') throw optionsTypeError(`${path} is not a regular file`);
  const reader = new PreambleReader(limits);
  const first = known ?? (await readAt(file, Buffer.alloc(FIRST_READ), 0));
  let { preamble } = reader.take(first, 0);
  for (let at = first.length; preamble === undefined; ) {
    const more = await readAt(file, Buffer.alloc(FIRST_READ), at);
    if (more.length === 0) throw reader.end();
    preamble = reader.take(more, 0).preamble;
    at += more.length;
  }
  const { header, prologueBytes, boundBytes } = preamble;
  const bytes = known ?? (await readAt(file, Buffer.alloc(header.preambleSize), 0));
  return { bytes, preamble, envelopeStart: prologueBytes.length + boundBytes.length };
}

/** The head with another envelope. The result is a head that a strict reader accepts. */
function withEnvelope({ bytes, envelopeStart }: Head, envelope: Uint8Array): Uint8Array {
  const head = Buffer.concat([bytes.subarray(0, envelopeStart), envelope]);
  writeU32(head, ENVELOPE_LENGTH_AT, envelope.length);
  new PreambleReader().take(head, 0);
  return head;
}

/** Asserts that nobody changed the head or replaced the file during the key calls. */
async function assertUnchanged(
  files: FileSystem,
  { path, file, facts }: LockedFile,
  head: Head,
): Promise<void> {
  const named = await files.facts(path);
  const now = await readAt(file, Buffer.alloc(head.bytes.length), 0);
  if (named === undefined || !isSameFile(named, facts) || !equalBytes(now, head.bytes)) throw changed(path);
}

function keyedBy(keys: KeyCalls, { proven }: NextRecipients) {
  return proven && keys.open(proven.dataKey);
}

function pathOf(target: unknown): string {
  if (typeof target === 'string' && target !== '') return target;
  const { href, protocol } = (target ?? {}) as Partial<URL>;
  if (typeof href === 'string' && protocol === 'file:') return fileURLToPath(href);
  throw optionsTypeError('rewrap takes a path, or a file: URL');
}

function unfinishable(path: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LOCKED',
    `${journalPath(path)} lies beside ${path}, left by a re-wrap that was interrupted, and files cannot be locked here`,
    {
      hint: 'Re-wrap it again on Linux with the native addon, on a file system with locks: that finishes it',
    },
  );
}
