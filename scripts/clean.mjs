// Removes what was built, so that a package carries nothing but the output of its own sources.
import { readdirSync, rmSync } from 'node:fs';

const native = new URL('../src/crypto/native/', import.meta.url);
const addons = readdirSync(native).filter((name) => /\.node(\.json)?$/.test(name));
for (const name of addons) rmSync(new URL(name, native), { force: true });
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
