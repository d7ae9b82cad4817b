import { document } from './xml.js';

/** What the server answers: `body` in pieces. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Buffer[];
}

/** What S3 answers with a code. */
export class S3Failure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Elements of the body beside Code and Message. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    {
      headers = {},
      details = {},
    }: { headers?: Record<string, string>; details?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.details = details;
  }
}

/** An answer without a body. */
export function empty(status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: [] };
}

/** An answer of one document. */
export function xmlAnswer(root: string, content: Parameters<typeof document>[1], headers = {}): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: [Buffer.from(document(root, content))],
  };
}

/** How a failure looks on the wire; a server such as Ceph says no message. */
export function failureAnswer(failure: S3Failure, resource: string, saysMessage = true): Answer {
  const content = {
    Code: failure.code,
    ...(saysMessage && { Message: failure.message }),
    ...failure.details,
    Resource: resource,
    RequestId: 'FAKE',
  };
  const answer = xmlAnswer('Error', content, failure.headers);
  return failure.status === 304
    ? { ...answer, status: 304, body: [] }
    : { ...answer, status: failure.status };
}

export const noSuchKey = (): S3Failure =>
  new S3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
export const noSuchUpload = (): S3Failure =>
  new S3Failure(404, 'NoSuchUpload', 'The specified multipart upload does not exist.');
export const accessDenied = (message = 'Access Denied'): S3Failure =>
  new S3Failure(403, 'AccessDenied', message);
export const invalidArgument = (message: string): S3Failure => new S3Failure(400, 'InvalidArgument', message);
export const invalidRequest = (message: string): S3Failure => new S3Failure(400, 'InvalidRequest', message);
