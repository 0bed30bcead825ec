import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig, Unless } from '../rig.ts';

const PACKAGES = join(import.meta.dirname, '../../../build/agents/node_modules');

/** The real executables, as `make real-agents` has fetched them. */
export const REAL = {
  codex: join(PACKAGES, '@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex'),
  opencode: join(PACKAGES, 'opencode-linux-x64/bin/opencode'),
} as const;
export type RealAgent = keyof typeof REAL;

/** Skips, and says so, where the executable is not there. */
export function unlessFetched(agent: RealAgent): Unless {
  return { skip: existsSync(REAL[agent]) ? false : `${agent} is not there: run "make real-agents"` };
}

/** Writes the agent's own configuration: the model server at `url`, and nobody else. Returns the flags of the role. */
export function realAgentFlags(rig: Rig, agent: RealAgent, url: string): readonly string[] {
  const flags = ['--executor-agent', agent, '--executor-bin', REAL[agent], '--executor-prompt', 'fix "it"'];
  const key = ['--executor-env', 'LOOP_KEY=a-secret-of-loopback'];
  return [...flags, ...key, ...(agent === 'codex' ? codexFlags(rig, url) : opencodeFlags(rig, url))];
}

function codexFlags(rig: Rig, url: string): readonly string[] {
  const config = `model = "small"
model_provider = "loop"
[model_providers.loop]
name = "loop"
base_url = "${url}"
env_key = "LOOP_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;
  rig.write(`${rig.base}/codex/config.toml`, config);
  const sandbox = ['--executor-arg', '--sandbox', '--executor-arg', 'danger-full-access'];
  return ['--executor-env', `CODEX_HOME=${rig.base}/codex`, ...sandbox];
}

function opencodeFlags(rig: Rig, url: string): readonly string[] {
  const small = { cost: { input: 10, output: 100 }, limit: { context: 100_000, output: 4000 } };
  const config = {
    ...{ autoupdate: false, model: 'loop/small', small_model: 'loop/small', permission: { bash: 'allow' } },
    provider: {
      loop: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: url, apiKey: '{env:LOOP_KEY}' },
        models: { small: { name: 'small', ...small } },
      },
    },
  };
  const file = rig.write(`${rig.base}/opencode.json`, JSON.stringify(config));
  const env = [`OPENCODE_CONFIG=${file}`, 'OPENCODE_DISABLE_AUTOUPDATE=1', 'OPENCODE_DISABLE_MODELS_FETCH=1'];
  return env.flatMap((one) => ['--executor-env', one]);
}
