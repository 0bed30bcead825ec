/** The groups of flags in the order in which help shows them. */
export const FLAG_GROUPS = {
  stages: 'Stages: a program, what it is started with, and what it must leave',
  agents: 'Agents (docs/agents.md)',
  validation: 'Native validation',
  gates: 'Gates: what the operator asserts about them',
  sources: 'Gates: where they are read (docs/gates.md)',
  scope: 'Scope of the change',
  delivery: 'Delivery',
  resume: 'Resume',
  authenticity: 'Authenticity of the evidence',
  repository: 'Repository',
  bounds: 'Bounds',
  environment: 'Environment of the stages',
  sandbox: 'Sandbox (Linux, bubblewrap 0.8 or newer)',
  configuration: 'Configuration and trial',
  output: 'Output',
} as const;
