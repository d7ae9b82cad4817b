/** An operation of S3 that is used here, by the name of its command. */
export type Operation =
  | 'HeadObject'
  | 'GetObject'
  | 'PutObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListMultipartUploads';

/** The IAM action that allows each operation. */
export const ACTIONS: Readonly<Record<Operation, string>> = {
  HeadObject: 's3:GetObject',
  GetObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
};

type CommandClass = new (input: object) => object;

let loading: Promise<Readonly<Record<string, unknown>>> | undefined;

/** Creates a command of the SDK, which is loaded on first use. */
export async function commandOf(operation: Operation, input: object): Promise<object> {
  loading ??= import('@aws-sdk/client-s3') as Promise<Readonly<Record<string, unknown>>>;
  const Command = (await loading)[`${operation}Command`] as CommandClass;
  return new Command(input);
}
