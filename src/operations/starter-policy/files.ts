import { MAIN_CEDAR, RULES } from './cedar-text.ts';
import { CEDAR_SCHEMA } from './schema-text.ts';

const README = `# Policy

\`orchestrator\` lets these Cedar policies (https://docs.cedarpolicy.com) decide the policy gate: before the execution on
what the plan declares, at closure on what really changed. They are read from the base commit, so they count once they
are committed there, and nothing that an agent does to them matters.

- \`main.cedar\`: the policies. No policy matches: denied. One forbids: denied, whatever the others permit.
- \`schema.cedarschema\`: what they can ask about. A policy that asks for anything else blocks every run.
- \`policy.json\`: what this policy calls itself in evidence, and how many policies it has at least. A decision made from
  fewer blocks: take the number up when you add one.

The budgets are in the config file as well (\`scope\`); the tighter one counts.
`;

/** The folder of the starter policy. */
export const STARTER_FOLDER = 'policy';

/** Its files, by name. */
export const STARTER_POLICY: Readonly<Record<string, string>> = {
  'README.md': README,
  'main.cedar': MAIN_CEDAR,
  'policy.json': `${JSON.stringify({ version: '1', min_rules: RULES }, null, 2)}\n`,
  'schema.cedarschema': CEDAR_SCHEMA,
};
