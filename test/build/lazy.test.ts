import t from 'tap';
import { bundleProduct } from '../../src/build/bundle.ts';
import { traceUses } from '../../src/build/start-up.ts';

t.test('a run from flags loads no schema library, in a git work tree neither', async (t) => {
  const bundle = await bundleProduct();
  const loadedByUse = traceUses(bundle);
  for (const use of ['version', 'help', 'run', 'tree']) {
    const texts = [...(loadedByUse.get(use) ?? [])].flatMap((name) =>
      Object.keys(bundle.metafile.outputs[`build/bundle/${name}`]?.inputs ?? {}),
    );
    t.ok(texts.includes('src/main.ts'), use);
    t.strictSame(
      texts.filter((path) => path.startsWith('node_modules/zod/')),
      [],
      use,
    );
  }
});
