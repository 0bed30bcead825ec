import t from 'tap';
import { checkAgainstSchema } from '../../../src/operations/run/artifact-schema.ts';

const judge = (artifact: string, schema: string) =>
  checkAgainstSchema(Buffer.from(artifact), Buffer.from(schema));

t.test('an artifact that fits its schema has nothing against it', async (t) => {
  t.equal(judge('{"x":1}', '{"type":"object","required":["x"]}'), null);
  t.equal(judge('[]', '{}'), null);
});

t.test('one that does not is told with the place', async (t) => {
  t.match(judge('{}', '{"type":"object","required":["x"]}'), /does not fit its schema at \/: /);
  t.match(
    judge('{"a":{"b":"c"}}', '{"properties":{"a":{"properties":{"b":{"type":"number"}}}}}'),
    /at \/a\/b: /,
  );
});

t.test('a schema that says nothing, or says it too late, accepts nothing', async (t) => {
  const schemas = [
    '',
    'true',
    '[]',
    'null',
    '{"a":1,"a":2}',
    '{"$async":true}',
    '{"$async":false}',
    '{"type":"nonsense"}',
    '{"$ref":"https://example.org/elsewhere.json"}',
    '{"$defs":{"late":{"$async":true,"type":"object"}},"$ref":"#/$defs/late"}',
  ];
  for (const schema of schemas) t.match(judge('{}', schema), /its schema/, schema);
});

t.test('an artifact that two readers could understand differently fits no schema', async (t) => {
  t.match(judge('{"x":1,"x":2}', '{}'), /not strict JSON/);
});
