import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer, Agent as SecureAgent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Certificate } from '../certificate.js';
import { authorise } from './access/authorisation.js';
import type { User } from './access/users.js';
import { ROOT } from './access/users.js';
import type { Answer } from './answer.js';
import { failureAnswer, S3Failure } from './answer.js';
import type { Fault, FaultPlace } from './faults.js';
import { FaultScript } from './faults.js';
import { OPERATIONS } from './operations/index.js';
import { checkedBody, readBody } from './payload.js';
import type { Quirks } from './quirks.js';
import { noQuirks } from './quirks.js';
import { Recorder } from './recorder.js';
import type { S3Request } from './request.js';
import { understood } from './request.js';
import { send } from './send.js';
import { World } from './state.js';

export const REGION = 'eu-west-1';

/**
 * An S3 of the test's own, over real sockets, that holds clients to what S3 demands and other test servers let pass. It
 * goes wrong on request, writes down what it sees, and behaves as some other server if its quirks say so.
 */
export class FakeS3 {
  readonly world = new World();
  readonly quirks: Quirks = noQuirks();
  readonly seen = new Recorder();
  readonly sockets = new Set<Socket>();
  readonly #certificate: Certificate | undefined;
  readonly #users = new Map([[ROOT.accessKeyId, ROOT]]);
  readonly #faults = new FaultScript();
  readonly #server: Server;

  /** @param certificate makes it answer over https */
  constructor(certificate?: Certificate) {
    this.#certificate = certificate;
    const answer = (message: IncomingMessage, response: ServerResponse): void => {
      this.#answer(message, response).catch(() => response.destroy());
    };
    this.#server =
      certificate === undefined
        ? createServer(answer)
        : createSecureServer({ key: certificate.key, cert: certificate.cert }, answer);
    // A busy machine would otherwise use a connection just as the server ends it.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
  }

  async start(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#certificate === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  /** What a client needs to talk to this server. */
  clientConfig({ accessKeyId, secretAccessKey }: User = ROOT): S3ClientConfig {
    const secure = this.#certificate && {
      httpsAgent: new SecureAgent({ ca: this.#certificate.cert, keepAlive: true }),
    };
    return {
      region: REGION,
      endpoint: this.url,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      ...(secure && { requestHandler: secure }),
    };
  }

  addUser(user: User): void {
    this.#users.set(user.accessKeyId, user);
  }

  /** Something will go wrong with a request to come. */
  fault(place: FaultPlace | string, fault: Fault): void {
    this.#faults.add(typeof place === 'string' ? { on: place } : place, fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    // What goes wrong with the connection is the client's to notice.
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    let answer: Answer;
    let fault: Fault | undefined;
    let record: ReturnType<Recorder['add']> = () => undefined;
    try {
      const request = understood(message, this.#certificate !== undefined);
      record = this.seen.add(request);
      fault = this.#faults.next(request);
      if (await spoiltRequest(message, fault)) return;
      const raw = await readBody(message);
      answer = await this.#answerTo(request, raw, fault);
      record({ bodySize: request.body.length });
    } catch (error) {
      if (!(error instanceof S3Failure)) throw error;
      message.resume();
      answer = failureAnswer(error, message.url ?? '', !this.quirks.saysNoMessage);
    }
    record({ status: answer.status });
    const sent = await send(response, answer, fault, message.method === 'HEAD');
    record({ sent });
  }

  async #answerTo(request: S3Request, raw: Buffer, fault: Fault | undefined): Promise<Answer> {
    authorise(request, this.world, this.#users);
    request.body = checkedBody(request, raw);
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    if (fault?.kind === 'act') await fault.act();
    if (fault?.kind === 'conflict') {
      this.world.bucket(request.bucket).uploads.delete(request.query.get('uploadId') ?? '');
      throw new S3Failure(
        409,
        'ConditionalRequestConflict',
        'A conflicting operation occurred during the request.',
      );
    }
    if (fault?.kind === 'refuse')
      throw new S3Failure(fault.status, fault.code, `Here is ${fault.code}.`, {
        headers: { ...fault.headers },
      });
    const { world, quirks } = this;
    const answer = OPERATIONS[request.operation]!({ world, quirks, request, region: REGION });
    if (fault?.kind === 'deny it was done')
      throw new S3Failure(fault.status, fault.code, `Here is ${fault.code}.`);
    return fault?.kind === 'alter' ? fault.alter(answer, request) : answer;
  }
}

/** Whether a fault ends a request before it is whole. */
async function spoiltRequest(message: IncomingMessage, fault: Fault | undefined): Promise<boolean> {
  if (fault?.kind === 'stall request') {
    await once(message.socket, 'close');
    return true;
  }
  if (fault?.kind !== 'cut request') return false;
  let came = 0;
  if (fault.after > 0) {
    for await (const piece of message) {
      came += (piece as Buffer).length;
      if (came >= fault.after) break;
    }
  }
  message.socket.destroy();
  return true;
}
