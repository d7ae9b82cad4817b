/**
 * A KMS in the process, for development, tests and keys of one machine. It is not an HSM: anyone who can read its
 * directory, or the memory of the process, has its keys.
 *
 * @module sealpipe/local-kms
 */
export type { LocalClientConfig } from './client-config.js';
export type { ExportedKey, ExportedKeyMaterial } from './keys/key-export.js';
export type { LocalKms, LocalKmsOptions } from './local-kms.js';
export { createLocalKms } from './local-kms.js';
export type { ServiceResponse } from './protocol/json-protocol.js';
export type { LocalRequestHandler, ServiceRequest } from './request-handler.js';
