import type { S3Request } from './request.js';

/** A request as it was seen. */
export interface SeenRequest {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Bytes of the body, out of its chunks. */
  readonly bodySize: number;
  /** What was answered; undefined while nothing was, or if the connection was cut instead. */
  readonly status: number | undefined;
  /** Bytes of the answer's body that were handed to the socket. */
  readonly sent: number;
}

/** Writes down what came, in order. */
export class Recorder {
  readonly requests: SeenRequest[] = [];

  /** @returns changes the entry when more is known */
  add({ operation, bucket, key, query, headers }: S3Request): (more: Partial<SeenRequest>) => void {
    const at = this.requests.length;
    this.requests.push({
      operation,
      bucket,
      key,
      query: Object.fromEntries(query),
      headers,
      bodySize: 0,
      status: undefined,
      sent: 0,
    });
    return (more) => {
      const before = this.requests[at];
      if (before !== undefined) this.requests[at] = { ...before, ...more };
    };
  }

  /** The requests of one operation. */
  of(operation: string): SeenRequest[] {
    return this.requests.filter((request) => request.operation === operation);
  }

  /** The operations in order. */
  get operations(): string[] {
    return this.requests.map(({ operation }) => operation);
  }
}
