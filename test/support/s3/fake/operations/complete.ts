import { empty, invalidRequest, S3Failure, xmlAnswer } from '../answer.js';
import type { ObjectChecksum } from '../checksums.js';
import { ALGORITHMS, checksumOf, compositeOf } from '../checksums.js';
import { checkWrite } from '../conditions.js';
import { badDigest } from '../payload.js';
import type { S3Request } from '../request.js';
import type { StoredPart, Upload } from '../state.js';
import { currentOf, etagOf, etagOfParts, store } from '../state.js';
import { textOf, textsOf } from '../xml.js';
import type { Operation } from './handling.js';
import { bucketOf, uploadOf } from './handling.js';
import { writtenHeaders } from './write-objects.js';

const SMALLEST_PART = 5 * 2 ** 20;

/** A part as Complete lists it. */
interface Listed {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string | undefined;
}

export const completeMultipartUpload: Operation = (handling) => {
  const { request, quirks } = handling;
  const bucket = bucketOf(handling);
  const upload = uploadOf(handling);
  const parts = partsOf(upload, listedIn(request));
  const size = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const said = request.headers['x-amz-mp-object-size'];
  if (said !== undefined && Number(said) !== size && !quirks.ignoresObjectSize) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${said} does not match what was computed: ${size}`,
    );
  }
  const checksum = checksumOfUpload(request, upload, parts);
  checkWrite(request, quirks, currentOf(bucket, request.key));
  if (!quirks.completesTwice) bucket.uploads.delete(upload.id);
  const plainTag = etagOfParts(parts.map(({ etag }) => etag));
  const stored = store(bucket, request.key, {
    isDeleteMarker: false,
    pieces: parts.map(({ bytes }) => bytes),
    size,
    etag: quirks.randomEtags ? etagOf(Buffer.alloc(0), true).replace(/"$/, `-${parts.length}"`) : plainTag,
    partSizes: parts.map(({ bytes }) => bytes.length),
    checksum,
    details: upload.details,
  });
  const { etag, ...headers } = writtenHeaders(bucket, stored);
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${bucket.name}/${request.key}`,
      Bucket: bucket.name,
      Key: request.key,
      ETag: etag,
      ...(checksum !== undefined && {
        [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value,
        ChecksumType: checksum.type,
      }),
    },
    headers,
  );
};

export const abortMultipartUpload: Operation = (handling) => {
  const upload = uploadOf(handling);
  bucketOf(handling).uploads.delete(upload.id);
  return empty(204);
};

function listedIn({ body }: S3Request): Listed[] {
  const listed = textsOf(String(body), 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
    checksum: ALGORITHMS.map((one) => textOf(part, `Checksum${one.toUpperCase()}`)).find(
      (one) => one !== undefined,
    ),
  }));
  if (listed.length === 0) {
    throw new S3Failure(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate');
  }
  return listed;
}

/** The parts that are listed, if the list is one that S3 takes. */
function partsOf(upload: Upload, listed: readonly Listed[]): StoredPart[] {
  const hasChecksums =
    upload.algorithm !== undefined || listed.some(({ checksum }) => checksum !== undefined);
  listed.forEach(({ number }, at) => {
    const before = listed[at - 1]?.number ?? 0;
    if (number <= before || (hasChecksums && number !== before + 1)) {
      throw new S3Failure(
        400,
        'InvalidPartOrder',
        'The list of parts was not in ascending order, or has a gap.',
      );
    }
  });
  return listed.map(({ number, etag, checksum }, at) => {
    const part = upload.parts.get(number);
    const isOther = checksum !== undefined && checksum !== part?.checksum?.value;
    if (part === undefined || part.etag.replaceAll('"', '') !== etag || isOther) {
      throw new S3Failure(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (upload.checksumType === 'COMPOSITE' && checksum === undefined) {
      throw invalidRequest(
        `The upload was created using a ${upload.algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    if (at < listed.length - 1 && part.bytes.length < SMALLEST_PART) {
      throw new S3Failure(
        400,
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        {
          details: { PartNumber: String(number), ProposedSize: String(part.bytes.length) },
        },
      );
    }
    return part;
  });
}

/** Compares the checksum of the object, if one was given. S3 keeps a full CRC64NVME where there is none: CRC32 here. */
function checksumOfUpload(
  request: S3Request,
  upload: Upload,
  parts: readonly StoredPart[],
): ObjectChecksum | undefined {
  const algorithm = upload.algorithm ?? 'crc32';
  const type = request.headers['x-amz-checksum-type'] ?? upload.checksumType ?? 'FULL_OBJECT';
  if (upload.checksumType !== undefined && type !== upload.checksumType) {
    throw invalidRequest(`The upload was created using the ${upload.checksumType} checksum mode.`);
  }
  const said = request.headers[`x-amz-checksum-${algorithm}`];
  if (type === 'COMPOSITE') {
    const value = `${compositeOf(
      algorithm,
      parts.map((part) => part.checksum!.value),
    )}-${parts.length}`;
    if (said !== undefined && said.replace(/-[0-9]+$/, '') !== value.replace(/-[0-9]+$/, ''))
      throw badDigest(algorithm);
    return { algorithm, type, value };
  }
  const value = checksumOf(
    algorithm,
    parts.map(({ bytes }) => bytes),
  );
  if (said !== undefined && said !== value) throw badDigest(algorithm);
  return { algorithm, type: 'FULL_OBJECT', value };
}
