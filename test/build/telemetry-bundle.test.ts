import { basename } from 'node:path';
import t from 'tap';
import { bundleProduct } from '../../src/build/bundle.ts';

/** What a run without a collector never loads. */
const ONLY_WITH_COLLECTOR = [
  ...[
    'src/operations/telemetry/telemetry.ts',
    'src/formats/otlp/protobuf.ts',
    'src/process/sender-process.ts',
  ],
  ...[
    'src/system/otlp-sender.ts',
    'src/render/telemetry/run-spans.ts',
    'src/core/telemetry/otel-settings.ts',
  ],
];

t.test('telemetry is in modules that nothing loads unless a collector is named', async (t) => {
  const { metafile } = await bundleProduct();
  const outputs = Object.entries(metafile.outputs);
  const outputOf = (input: string) =>
    outputs.find(([, output]) => Object.keys(output.inputs).includes(input))?.[0] ?? '';
  /** Everything that is loaded together with a module, by `import` and not by `import()`. */
  const withAll = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind === 'import-statement') withAll(path, seen);
    }
    return seen;
  };
  const loaded = withAll(outputOf('src/cli/run-command-line.ts'));
  t.ok(loaded.has(outputOf('src/operations/run/run.ts')), 'the run is loaded with it');
  for (const input of ONLY_WITH_COLLECTOR) {
    const output = outputOf(input);
    t.not(output, '', `${input} is in the bundle`);
    t.notOk(loaded.has(output), `${input} is in ${basename(output)}, which a run loads`);
  }
});
