import { wipe } from '../../../bytes.js';
import type { ExportedKey, ExportedKeyMaterial } from '../../../local-kms/index.js';
import { printableJson } from '../../terminal/printable.js';

/*
 * The file of an exported key: JSON, with its secrets in base64.
 */

const TYPE = 'sealpipe-kms-key';
const VERSION = 1;
const KEY_MEMBERS = ['type', 'version', 'keyId', 'keyArn', 'description', 'creationDate', 'keyMaterials'];
const MATERIAL_MEMBERS = ['keyMaterialId', 'keyMaterial'];

/** Why a file is not an exported key; `isLater` if it is one of a later version. */
export class BadExport extends Error {
  readonly isLater: boolean;

  constructor(message: string, isLater = false) {
    super(message);
    this.isLater = isLater;
  }
}

export function encodeExport({ keyMaterials, ...key }: ExportedKey): string {
  const materials = keyMaterials.map(({ keyMaterialId, keyMaterial }) => ({
    keyMaterialId,
    keyMaterial: keyMaterial.toString('base64'),
  }));
  return `${printableJson({ type: TYPE, version: VERSION, ...key, keyMaterials: materials })}\n`;
}

/**
 * Parses the result of {@link encodeExport}. The KMS checks the values.
 *
 * @returns a key whose secrets the caller wipes
 * @throws BadExport, which quotes nothing of the file
 */
export function decodeExport(content: Uint8Array): ExportedKey {
  const key = object(parse(content));
  if (key.type !== TYPE) throw new BadExport(`its type is not ${TYPE}`);
  if (key.version !== VERSION) throw new BadExport('its version is not 1', true);
  requireMembers(key, KEY_MEMBERS);
  const { keyId, keyArn, description, creationDate, keyMaterials } = key;
  if (!Array.isArray(keyMaterials)) throw new BadExport('its keyMaterials are not a list');
  const materials: ExportedKeyMaterial[] = [];
  try {
    for (const material of keyMaterials) materials.push(decodeMaterial(material));
    return {
      keyId: text(keyId, 'keyId'),
      keyArn: text(keyArn, 'keyArn'),
      description: text(description, 'description'),
      creationDate: time(text(creationDate, 'creationDate')),
      keyMaterials: materials,
    };
  } catch (error) {
    wipe(...materials.map(({ keyMaterial }) => keyMaterial));
    throw error;
  }
}

function decodeMaterial(value: unknown): ExportedKeyMaterial {
  const material = object(value);
  requireMembers(material, MATERIAL_MEMBERS);
  const keyMaterialId = text(material.keyMaterialId, 'keyMaterialId');
  const encoded = text(material.keyMaterial, 'keyMaterial');
  const keyMaterial = Buffer.from(encoded, 'base64');
  if (keyMaterial.toString('base64') === encoded) return { keyMaterialId, keyMaterial };
  wipe(keyMaterial);
  throw new BadExport('a keyMaterial is not base64');
}

/** The parser's message would quote the content. */
function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new BadExport('it is not JSON');
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new BadExport('it is not an object');
}

function requireMembers(value: object, names: readonly string[]): void {
  const missing = names.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new BadExport(`it has no ${missing}`);
  if (Object.keys(value).length > names.length) throw new BadExport('it has members that are not known');
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new BadExport(`its ${name} is not a string`);
}

function time(value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== value)
    throw new BadExport('its creationDate is not a time');
  return date;
}
