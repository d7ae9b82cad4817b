import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { Fields } from './fake-kms.js';
import { FakeKms, FakeRefusal } from './fake-kms.js';

/** A request as it came over the wire. */
export interface Received {
  readonly operation: string;
  readonly input: Fields;
  /** From the signature. */
  readonly region: string;
  readonly accessKeyId: string;
}

/** What a fault answers with. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * `undefined`: the request is answered as KMS would. `hang`: never. `stall`: the answer stops in the middle. `reset`:
 * the connection is reset before the answer; `cut`: in the middle of it.
 */
export type Fault = (received: Received) => Reply | 'hang' | 'stall' | 'reset' | 'cut' | undefined;

/** An HTTP server on this machine that speaks as KMS, and misbehaves on demand. */
export interface FakeService {
  readonly kms: FakeKms;
  readonly received: Received[];
  readonly endpoint: string;
  /** Connections that are open now. */
  connections(): Promise<number>;
  /** Runs for the requests from now on. */
  fault: Fault | undefined;
  /** For a KMSClient without retries. */
  clientConfig(region?: string): KMSClientConfig & { region: string };
  close(): Promise<void>;
}

/** A refusal as KMS writes it. */
export function refusal(name: string, message = '', status = 400): Reply {
  return { status, body: JSON.stringify({ __type: name, message }) };
}

/** Starts the service on a port of its own. */
export async function startFakeService(): Promise<FakeService> {
  const server = createServer((request, response) => void answer(service, request, response));
  // The clients here never retry: a request must not meet the end of a connection that was idle on a busy machine.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: FakeService = {
    kms: new FakeKms(),
    received: [],
    endpoint,
    fault: undefined,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    clientConfig: (region = 'eu-west-1') => ({
      region,
      endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

async function answer(
  service: FakeService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const received = parse(request, Buffer.concat(chunks).toString());
  service.received.push(received);
  const fault = service.fault?.(received);
  if (fault === 'hang') return;
  if (fault === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault === 'stall' || fault === 'cut') {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': 1_000 });
    response.write('{"Plaintext":"', () => fault === 'cut' && request.socket.resetAndDestroy());
    return;
  }
  const reply = fault ?? asKms(service.kms, received);
  const { status, body, type = 'application/x-amz-json-1.1', headers } = reply;
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'request-1', ...headers });
  response.end(body);
}

function asKms(kms: FakeKms, { operation, input, region }: Received): Reply {
  try {
    return { status: 200, body: JSON.stringify(kms.answer(operation, input, region)) };
  } catch (error) {
    if (error instanceof FakeRefusal) return refusal(error.name, error.message);
    throw error;
  }
}

function parse({ headers }: IncomingMessage, body: string): Received {
  const credential = /Credential=([^/]+)\/\d+\/([^/]+)\/kms\//.exec(headers.authorization ?? '');
  return {
    operation: String(headers['x-amz-target']).replace('TrentService.', ''),
    input: JSON.parse(body) as Fields,
    accessKeyId: credential?.[1] ?? '',
    region: credential?.[2] ?? '',
  };
}
