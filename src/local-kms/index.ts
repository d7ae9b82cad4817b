export type { ServiceResponse } from './json-protocol.js';
export type { ExportedKey, ExportedKeyMaterial } from './key-export.js';
export type { LocalClientConfig, LocalKms, LocalKmsOptions } from './local-kms.js';
export { createLocalKms } from './local-kms.js';
export type { LocalRequestHandler, ServiceRequest } from './request-handler.js';
