/** The part of a request of the SDK that is used. The SDK has no stable types for it. */
export interface ClientRequest {
  protocol?: string;
  hostname?: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** The arguments of a middleware. */
export interface Arguments {
  readonly request: ClientRequest;
}

/** One layer between a command and the connection. */
export type Middleware = (
  next: (args: Arguments) => Promise<unknown>,
) => (args: Arguments) => Promise<unknown>;

/** The layers of one command. */
export interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
}

/** The layers of a command, to which more can be added; undefined if the command is not from the SDK. */
export function stackOf(command: object): MiddlewareStack | undefined {
  return (command as { readonly middlewareStack?: MiddlewareStack }).middlewareStack;
}
