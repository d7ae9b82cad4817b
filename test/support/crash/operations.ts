/** What was done to a file system, in order. */
export type Operation =
  | { readonly kind: 'create'; readonly path: string; readonly inode: number }
  | { readonly kind: 'open'; readonly path: string; readonly inode: number }
  | {
      readonly kind: 'write';
      readonly inode: number;
      readonly position: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'truncate'; readonly inode: number; readonly length: number }
  | { readonly kind: 'sync'; readonly inode: number }
  | { readonly kind: 'link' | 'rename'; readonly from: string; readonly to: string; readonly inode: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'makeFolder'; readonly path: string; readonly inode: number }
  | { readonly kind: 'syncFolder'; readonly folder: string };

/**
 * Files by path: what a disk holds. Two paths may hold the very same Buffer: hard links. A path that ends with `/` is a
 * folder that was made.
 */
export type DiskState = ReadonlyMap<string, Buffer>;

/** Changes a name as an operation does. */
export function changeNames(names: Map<string, number>, operation: Operation): void {
  if (operation.kind === 'create') names.set(operation.path, operation.inode);
  else if (operation.kind === 'makeFolder') names.set(`${operation.path}/`, operation.inode);
  else if (operation.kind === 'link') names.set(operation.to, operation.inode);
  else if (operation.kind === 'unlink') names.delete(operation.path);
  else if (operation.kind === 'rename') {
    names.delete(operation.from);
    names.set(operation.to, operation.inode);
  }
}

/** What an operation makes of the content of its file. */
export function changeContent(content: Buffer, operation: Operation): Buffer {
  if (operation.kind === 'write') {
    const { position, bytes } = operation;
    const changed = Buffer.alloc(Math.max(content.length, position + bytes.length));
    changed.set(content);
    changed.set(bytes, position);
    return changed;
  }
  if (operation.kind !== 'truncate') return content;
  const changed = Buffer.alloc(operation.length);
  content.copy(changed);
  return changed;
}
