import { xmlAnswer } from '../answer.js';
import type { Content } from '../xml.js';
import type { Handling, Operation } from './handling.js';
import { bucketOf, pageSizeOf, uploadOf } from './handling.js';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const listObjectsV2: Operation = (handling) => {
  const { query } = handling.request;
  const bucket = bucketOf(handling);
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const token = query.get('continuation-token');
  const after =
    token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const show = shownAs(handling);
  const most = pageSizeOf(handling, 'max-keys');
  const contents: Content[] = [];
  const folders = new Set<string>();
  let last = after;
  let isTruncated = false;
  for (const key of [...bucket.keys.keys()].sort(byBytes)) {
    const version = bucket.keys.get(key)![0]!;
    const folder = folderOf(key, prefix, delimiter);
    if (version.isDeleteMarker || !key.startsWith(prefix) || byBytes(key, after) <= 0) continue;
    if (folder !== undefined && (folders.has(folder) || (folder !== '' && after.startsWith(folder))))
      continue;
    isTruncated = contents.length + folders.size >= most;
    if (isTruncated) break;
    last = folder === undefined ? key : `${folder}\u{10ffff}`;
    if (folder !== undefined) folders.add(folder);
    else {
      contents.push({
        Key: show(key),
        LastModified: version.modified.toISOString(),
        ETag: version.etag,
        Size: version.size,
        StorageClass: version.details.storageClass,
      });
    }
  }
  return xmlAnswer('ListBucketResult', {
    Name: bucket.name,
    Prefix: show(prefix),
    KeyCount: contents.length + folders.size,
    MaxKeys: most,
    IsTruncated: isTruncated,
    ...(query.get('encoding-type') === 'url' && { EncodingType: 'url' }),
    ...(delimiter !== '' && { Delimiter: delimiter }),
    ...(isTruncated && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
    Contents: contents,
    CommonPrefixes: [...folders].map((one) => ({ Prefix: show(one) })),
  });
};

export const listObjectVersions: Operation = (handling) => {
  const bucket = bucketOf(handling);
  const prefix = handling.request.query.get('prefix') ?? '';
  const show = shownAs(handling);
  const all = [...bucket.keys].sort(([a], [b]) => byBytes(a, b)).filter(([key]) => key.startsWith(prefix));
  const entries = (deleteMarkers: boolean): Content[] =>
    all.flatMap(([key, versions]) =>
      versions.flatMap((one, at) =>
        one.isDeleteMarker !== deleteMarkers
          ? []
          : [
              {
                Key: show(key),
                VersionId: one.versionId,
                IsLatest: at === 0,
                ETag: one.etag,
                Size: one.size,
              },
            ],
      ),
    );
  return xmlAnswer('ListVersionsResult', {
    Name: bucket.name,
    IsTruncated: false,
    Version: entries(false),
    DeleteMarker: entries(true),
  });
};

export const listParts: Operation = (handling) => {
  const { query, bucket, key } = handling.request;
  const upload = uploadOf(handling);
  const most = pageSizeOf(handling, 'max-parts');
  const after = Number(query.get('part-number-marker') ?? 0);
  const left = [...upload.parts].sort(([a], [b]) => a - b).filter(([number]) => number > after);
  const page = left.slice(0, most);
  return xmlAnswer('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.id,
    PartNumberMarker: after,
    MaxParts: most,
    IsTruncated: left.length > page.length,
    NextPartNumberMarker: page.at(-1)?.[0] ?? 0,
    ...(upload.algorithm !== undefined && {
      ChecksumAlgorithm: upload.algorithm.toUpperCase(),
      ChecksumType: upload.checksumType,
    }),
    Part: page.map(([number, part]) => ({
      PartNumber: number,
      LastModified: part.modified.toISOString(),
      ETag: part.etag,
      Size: part.bytes.length,
      ...(part.checksum && { [`Checksum${part.checksum.algorithm.toUpperCase()}`]: part.checksum.value }),
    })),
  });
};

export const listMultipartUploads: Operation = (handling) => {
  const { query } = handling.request;
  const bucket = bucketOf(handling);
  const show = shownAs(handling);
  const prefix = query.get('prefix') ?? '';
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const most = pageSizeOf(handling, 'max-uploads');
  const left = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => byBytes(a.key, b.key) || byBytes(a.id, b.id))
    .filter(({ key, id }) => {
      const order = byBytes(key, keyMarker);
      return order > 0 || (order === 0 && idMarker !== '' && byBytes(id, idMarker) > 0) || keyMarker === '';
    });
  const page = left.slice(0, most);
  const isTruncated = left.length > page.length;
  return xmlAnswer('ListMultipartUploadsResult', {
    Bucket: bucket.name,
    KeyMarker: show(keyMarker),
    UploadIdMarker: idMarker,
    MaxUploads: most,
    IsTruncated: isTruncated,
    ...(query.get('encoding-type') === 'url' && { EncodingType: 'url' }),
    ...(isTruncated && { NextKeyMarker: show(page.at(-1)!.key), NextUploadIdMarker: page.at(-1)!.id }),
    Upload: page.map(({ key, id, initiated }) => ({
      Key: show(key),
      UploadId: id,
      Initiated: initiated.toISOString(),
    })),
  });
};

/** As the client asked for keys: URL-encoded, or as they are. */
function shownAs({ request }: Handling): (key: string) => string {
  return request.query.get('encoding-type') === 'url'
    ? (key) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')
    : (key) => key;
}

/** What a key is gathered under, if keys are gathered at a delimiter. */
function folderOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' || !key.startsWith(prefix) ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
