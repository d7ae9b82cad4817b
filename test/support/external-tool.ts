import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a command on PATH, or undefined. */
export function toolPath(name: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const extension of extensions) {
      const path = join(folder, name + extension);
      if (folder !== '' && executable(path)) return path;
    }
  }
  return undefined;
}

let interpreter: string | undefined;

/** The path of the interpreter that `python3` starts, or undefined. A launcher on PATH takes longer than Python itself. */
export function pythonPath(): string | undefined {
  const launcher = toolPath('python3');
  if (launcher === undefined) return undefined;
  const program = 'import sys; print(sys.executable)';
  interpreter ??= spawnSync(launcher, ['-c', program], { encoding: 'utf8' }).stdout.trim();
  return interpreter === '' ? launcher : interpreter;
}

/** Options of Python for programs that import nothing but its own library: it then starts several times faster. */
export const OWN_LIBRARY = ['-I', '-S'];

/** The path of a python3 that can import `module`, or undefined. */
export function pythonWith(module: string): string | undefined {
  const python = pythonPath();
  if (python === undefined) return undefined;
  return spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0 ? python : undefined;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
