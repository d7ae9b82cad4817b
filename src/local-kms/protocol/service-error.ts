/**
 * A refusal in AWS's own words: a response of the service, not a failure of this process.
 * `name` is AWS's error name, and an empty `message` is left out of the response, as AWS does.
 */
export class ServiceError extends Error {
  readonly statusCode: number;

  constructor(name: string, message = '', statusCode = 400) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
  }
}

/** Parameters outside their constraints, one fault each. */
export function validationErrors(faults: readonly string[]): ServiceError {
  const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected`;
  return new ServiceError('ValidationException', `${count}: ${faults.join('; ')}`);
}

/** A value of the wrong JSON kind, or no JSON at all. */
export function serializationError(message = ''): ServiceError {
  return new ServiceError('SerializationException', message);
}

/** The one response to a damaged ciphertext and a wrong context: AWS gives no reason. */
export function invalidCiphertext(): ServiceError {
  return new ServiceError('InvalidCiphertextException');
}

export function incorrectKey(): ServiceError {
  return new ServiceError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}

/** The ciphertext is whole, but its key or key material does not exist here. */
export function foreignCiphertext(): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
}

export function keyNotFound(keyArn: string): ServiceError {
  return new ServiceError('NotFoundException', `Key '${keyArn}' does not exist`);
}

export function aliasNotFound(aliasArn: string): ServiceError {
  return new ServiceError('NotFoundException', `Alias ${aliasArn} is not found.`);
}

export function invalidState(keyArn: string, state: string): ServiceError {
  return new ServiceError('KMSInvalidStateException', `${keyArn} is ${state}.`);
}

/** The response to a dry run if the same call without `DryRun` would have succeeded. */
export function dryRunSuccess(): ServiceError {
  return new ServiceError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  );
}

export function unsupported(what: string): ServiceError {
  return new ServiceError('UnsupportedOperationException', `The embedded KMS does not support ${what}.`);
}

/** A required member of a request is missing. */
export function nullMember(path: string): ServiceError {
  return validationErrors([nullFault(path)]);
}

/** The fault of a missing required member. */
export function nullFault(path: string): string {
  return `Value null at '${path}' failed to satisfy constraint: Member must not be null`;
}
