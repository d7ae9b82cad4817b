import { LOCAL_REGION } from '../key-arn.js';
import { isBytes } from '../realms.js';
import type { KmsOperation, OwnCommandClient } from './own-command.js';
import { OWN_COMMAND } from './own-command.js';

/** A KMS in this process. */
export interface LocalService {
  /** Handles a request of AWS JSON 1.1. */
  handle(
    request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    options: { readonly abortSignal?: unknown },
  ): Promise<{ readonly response: LocalResponse }>;
}

interface LocalResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface LocalCommand {
  readonly operation: KmsOperation;
  readonly input: object;
}

/** Members that are bytes. */
const BLOBS: ReadonlySet<string> = new Set(['Plaintext', 'CiphertextBlob']);

/**
 * A client of a KMS in this process, for `kms({ client })`. It calls the KMS without the SDK, which takes longer to
 * load than everything else that the command does.
 */
export function localClient(service: LocalService): OwnCommandClient {
  return {
    config: { region: () => LOCAL_REGION },
    [OWN_COMMAND]: (operation, input): LocalCommand => ({ operation, input }),
    async send(command, options = {}) {
      const { operation, input } = command as LocalCommand;
      const headers = { 'x-amz-target': `TrentService.${operation}` };
      const { response } = await service.handle({ headers, body: bodyOf(input) }, options);
      const body = parsedBody(response.body);
      if (response.statusCode !== 200) throw refused(body, response);
      return body;
    },
  };
}

function bodyOf(input: object): string {
  const members = Object.entries(input).map(([name, value]) => [
    name,
    isBytes(value) ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') : value,
  ]);
  return JSON.stringify(Object.fromEntries(members));
}

/** Wipes the bytes that it reads, which may hold a data key. */
function parsedBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString();
  body.fill(0);
  const members = Object.entries(JSON.parse(text) as object).map(([name, value]: [string, unknown]) => [
    name,
    BLOBS.has(name) && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
  ]);
  return Object.fromEntries(members);
}

/** The error that the SDK would throw. */
function refused(
  { __type: name, message = '' }: Readonly<Record<string, unknown>>,
  { statusCode, headers }: LocalResponse,
): Error {
  return Object.assign(new Error(String(message)), {
    name: String(name),
    $fault: statusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'], attempts: 1 },
  });
}
