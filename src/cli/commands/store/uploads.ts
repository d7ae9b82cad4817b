import type { RecordedUpload } from '../../../s3/upload/journal/open-uploads.js';
import { placeNamed } from '../../arguments/store/object-names.js';
import type { StoreSettings } from '../../arguments/store/store-settings.js';
import { failureOf } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import { printText } from '../../io/output/print-text.js';
import { uploadsFolder } from '../../io/store/journal-folder.js';
import { openStore } from '../../io/store/object-store.js';
import { objectFailure } from '../../io/store/store-failure.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { STORE_NOTES, STORE_TROUBLE } from '../../terminal/messages/store.js';
import { printable, printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { withName } from '../several.js';

/** `sealpipe uploads`: lists uploads that have not ended, from their journals. */
export const uploadsCommand: Command = async ({ options, operands }, invocation) => {
  const wanted = placeNamed(operands[0]);
  const folder = uploadsFolder(invocation.env);
  const { recordedUploads } = await import('../../../s3/upload/journal/open-uploads.js');
  const uploads = (await recordedUploads(folder)).filter(
    ({ bucket, key }) => wanted === undefined || (bucket === wanted.bucket && key.startsWith(wanted.key)),
  );
  if (!options.has('abort')) {
    await printText(
      options.has('json') ? `${printableJson({ folder, uploads })}\n` : uploads.map(lineOf).join(''),
    );
    return;
  }
  const given = { profile: options.text('profile'), virtualHost: options.has('virtual-host') };
  const left: RecordedUpload[] = [];
  let failure: unknown;
  for (const upload of uploads) {
    try {
      await remove(upload, folder, given, invocation);
    } catch (error) {
      if (invocation.signal.aborted) throw error;
      failure = error;
      left.push(upload);
      if (uploads.length > 1) tell(upload, error, invocation);
    }
  }
  if (options.has('json')) await printText(`${printableJson({ folder, uploads: left })}\n`);
  if (left.length === 0) return;
  if (uploads.length === 1) throw failure;
  throw new CommandError(EXIT.other, STORE_TROUBLE.notAllRemoved(left.length, uploads.length));
};

async function remove(
  upload: RecordedUpload,
  folder: string,
  given: Pick<StoreSettings, 'profile' | 'virtualHost'>,
  invocation: Invocation,
): Promise<void> {
  const { signal, terminal } = invocation;
  const { region, endpoint } = upload;
  const reach = { ...given, region, endpointUrl: endpoint, kmsRegion: undefined };
  const rest = { limitRate: undefined, concurrency: undefined, versionId: undefined, location: undefined };
  const store = await openStore({ ...reach, ...rest, isExactly: true }, invocation);
  try {
    const { abortRecorded } = await import('../../../s3/upload/journal/open-uploads.js');
    const came = await abortRecorded(folder, upload, store.client, { signal });
    if (came === 'left') throw new CommandError(EXIT.other, STORE_TROUBLE.stillThere(nameOf(upload)));
    terminal.note((came === 'removed' ? STORE_NOTES.removed : STORE_NOTES.inUse)(nameOf(upload)));
  } catch (error) {
    throw objectFailure(nameOf(upload), 'write', error);
  } finally {
    store.close();
  }
}

function tell(upload: RecordedUpload, error: unknown, { terminal }: Invocation): void {
  const failure = failureOf(error);
  terminal.fail({ what: withName(nameOf(upload), failure), hint: failure.hint }, error);
}

function lineOf(upload: RecordedUpload): string {
  const { started, source, parts = 0, isInUse } = upload;
  const state = isInUse
    ? 'under way'
    : source === undefined
      ? 'left'
      : `can be resumed, ${parts} ${parts === 1 ? 'part' : 'parts'} begun`;
  const from = source === undefined ? '' : `  ${source}`;
  return `${printable(`${nameOf(upload)}  ${started}  ${state}${from}`)}\n`;
}

function nameOf({ bucket, key }: RecordedUpload): string {
  return `s3://${bucket}/${key}`;
}
