import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { checkConfig } from '../../src/formats/config.ts';
import { publishedSchema, schemaId, schemaNames } from '../../src/formats/published-schemas.ts';

const FOLDER = new URL('../../schemas/', import.meta.url);

t.test('the published schemas are those that the definitions make (node src/build/schemas.ts)', async (t) => {
  t.strictSame(
    readdirSync(FOLDER).sort(),
    schemaNames()
      .map((name) => `${name}.schema.json`)
      .sort(),
  );
  for (const name of schemaNames()) {
    t.equal(readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8'), await publishedSchema(name), name);
  }
});

t.test('every published schema is valid JSON Schema 2020-12 with an identifier of its own', async (t) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const name of schemaNames()) {
    const schema = JSON.parse(await publishedSchema(name));
    t.equal(schema.$id, schemaId(name));
    t.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`);
  }
});

t.test('the published schema of the config file accepts and refuses what the program does', async (t) => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await publishedSchema('config')));
  const documents: [unknown, boolean][] = [
    [{}, true],
    [
      {
        manager: {
          bin: 'm',
          args: ['', '-c'],
          env: { A: '' },
          expected_artifacts: ['a', { path: 'b', schema: 's' }],
        },
      },
      true,
    ],
    [{ gate_max_age: '24h', validation: [{ bin: 'x' }] }, true],
    [{ gate_max_age: '24' }, false],
    [{ manager: { bin: '' } }, false],
    [{ manager: { env: { A: 1 } } }, false],
    [{ manager: { env: { 'A=B': 'x' } } }, false],
    [{ validation: [{}] }, false],
    [{ timeout_ms: 0 }, false],
    [{ timeout_ms: 1.5 }, false],
    [{ policy_status: 'allow' }, false],
    [[], false],
  ];
  for (const [document, valid] of documents) {
    t.equal(validate(document), valid, JSON.stringify(document));
    t.equal((await checkConfig(document)).ok, valid, JSON.stringify(document));
  }
});
