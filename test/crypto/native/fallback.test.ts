import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, needsCompiler } from './build-tree.js';

const NODE = { served: ['node', 'node', 'node'], works: true };
const thrice = (why: RegExp) => [1, 2, 3].map(() => expect.stringMatching(why));

describe('where the addon', () => {
  it('is not there, the node engine serves, and the report says why', async () => {
    const tree = await buildTree();
    tree.addPackage();
    expect(await tree.outcome()).toEqual({
      ...NODE,
      why: thrice(
        /^(no addon was built for \S+|frame-cipher-linux-x64\.node is not beside the code: [^\n]+)$/,
      ),
    });
  });

  it.each([
    ['empty', ''],
    ['no binary', 'garbage '.repeat(100)],
    ['cut short', '\x7fELF\x02\x01\x01'],
  ])('is %s, the node engine serves, and the report says why', async (_, content) => {
    const tree = await buildTree();
    tree.addPackage();
    mkdirSync(dirname(tree.shipped), { recursive: true });
    writeFileSync(tree.shipped, content, 'latin1');
    expect(await tree.outcome()).toEqual({ ...NODE, why: thrice(/^the addon does not load: [^\n]+$/) });
  });

  it('may not be loaded (--no-addons), the node engine serves, and the report says why', async () => {
    const tree = await buildTree();
    tree.addPackage();
    writeFileSync(tree.shipped, '');
    expect(await tree.outcome(['--no-addons'])).toEqual({
      ...NODE,
      why: thrice(/^the addon does not load: .*addon.*disabled/i),
    });
  });

  it.each([
    ['seals wrong', 'seal() {} open() { return true; }', /^self-test failed: a wrong seal$/],
    ['throws', "seal() { throw new RangeError('on purpose'); }", /^self-test failed: on purpose$/],
    ['cannot be made', "constructor() { throw new RangeError('no suite'); }", /^self-test failed: no suite$/],
  ])('%s, the node engine serves, and the report says why', async (_, body, why) => {
    const tree = await buildTree();
    tree.addPackage();
    writeFileSync(tree.shipped, '');
    const hook = join(tree.root, 'fake.cjs');
    writeFileSync(
      hook,
      `process.dlopen = (module) => {
         module.exports = { FrameCipher: class { ${body} wipe() {} } };
       };`,
    );
    expect(await tree.outcome(['--require', hook])).toEqual({ ...NODE, why: thrice(why) });
  });

  it('asks for a symbol that Node does not have, it does not load, though it never calls it', async (context) => {
    needsCompiler(context);
    const tree = await buildTree();
    tree.addPackage();
    writeFileSync(
      join(tree.sources, 'more.c'),
      `extern void EVP_of_a_node_to_come(void);
       void never_called(void);
       __attribute__((visibility("default"))) void never_called(void) { EVP_of_a_node_to_come(); }`,
    );
    expect(await tree.build()).toMatchObject({ status: 0, stdout: '' });
    expect(await tree.outcome()).toEqual({
      ...NODE,
      why: thrice(/^the addon does not load: .*undefined symbol: EVP_of_a_node_to_come/),
    });
  });

  it('asks for ChaCha20-Poly1305 that Node does not have, it serves the other suites', async (context) => {
    needsCompiler(context);
    const tree = await buildTree();
    tree.addPackage();
    expect(await tree.build({ CC: 'cc -DEVP_chacha20_poly1305=EVP_chacha20_of_no_node' })).toMatchObject({
      status: 0,
    });
    const { served, why, works } = await tree.outcome();
    expect({ served, works }).toEqual({ served: ['native', 'native', 'node'], works: true });
    expect(why[2]).toMatch(/does not have the suite/);
  });
});
