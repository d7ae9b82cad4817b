/** What is used of a request of the SDK: its types have no stable home. */
export interface ClientRequest {
  protocol?: string;
  hostname?: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** What a middleware is given. */
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

/** The layers of a command, to which some can be added; undefined of a foreign kind of command. */
export function stackOf(command: object): MiddlewareStack | undefined {
  return (command as { readonly middlewareStack?: MiddlewareStack }).middlewareStack;
}
