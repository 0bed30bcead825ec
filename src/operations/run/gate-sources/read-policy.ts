import { blocking, type GateReading } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import { folderProblem } from '../../../core/gates/policy-folder.ts';
import { fail, ok } from '../../../core/result.ts';
import type { ReadPolicyFolder } from '../../../gates/policy/policy-folder.ts';
import type { PolicyQuestion } from '../../../gates/policy/policy-question.ts';
import type { RegoPorts } from '../../../gates/rego/rego-gate.ts';
import { resolveExecutable } from '../../../process/executables.ts';
import { identifyExecutable } from '../../../process/identify-executable.ts';
import type { RunContext } from '../context.ts';
import { gitScratch } from '../paths.ts';
import { type Asking, refused } from './asking.ts';
import type { JudgedChange } from './judged-change.ts';
import { planDeclaration } from './plan-declaration.ts';
import { policyInputOf } from './policy-input.ts';
import { toolRunner } from './run-tool.ts';

type PolicySource = GateSource & { readonly kind: 'cedar' | 'opa' | 'conftest' };

/** Lets a policy engine decide on the change; what keeps it from it blocks. */
export async function readPolicy(
  asking: Asking,
  source: PolicySource,
  judged: JudgedChange,
): Promise<GateReading> {
  const { context, document, plan, question } = asking;
  const change = question.moment === 'closure' ? await judged.change() : ok(null);
  if (!change.ok) {
    const { message, remedy } = change.failure;
    return refused(question, source, [blocking('change_unreadable', null, message, remedy)]);
  }
  const planned = await planDeclaration(context, document);
  if (!planned.ok) return refused(question, source, [blocking('plan_malformed', null, planned.failure)]);
  const facts = { change: change.value, planned: planned.value };
  const input = policyInputOf(context, document, question, facts);
  const asked: PolicyQuestion = { question, source, input, rules: plan.policy };
  return source.kind === 'cedar' ? decideByCedar(asking, asked) : decideByTool(asking, asked);
}

async function decideByCedar({ context, document }: Asking, asked: PolicyQuestion): Promise<GateReading> {
  const { readCedarGate } = await import('../../../gates/cedar/cedar-gate.ts');
  return readCedarGate(asked, {
    readPolicyFolder: folderReader(context, document.repo.base),
    loadCedar: async () => {
      const { readCedarModule } = await import('../../../system/cedar-module.ts');
      const { startCedar } = await import('../../../gates/cedar/engine.ts');
      const { file, args } = context.ports.self;
      return startCedar(readCedarModule(args[0] ?? file));
    },
    monotonicMs: context.ports.clock.monotonic,
  });
}

async function decideByTool(asking: Asking, asked: PolicyQuestion): Promise<GateReading> {
  const { context, document, question } = asking;
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) {
    return refused(question, asked.source, [blocking('policy_error', null, scratch.failure.message)]);
  }
  const ports: RegoPorts = {
    readPolicyFolder: folderReader(context, document.repo.base),
    runTool: toolRunner(context, 'policy', document.invocations.length),
    identifyTool: (bin) => identifyTool(context, bin),
    scratch: scratch.value,
  };
  if (asked.source.kind === 'opa') {
    const { readOpaGate } = await import('../../../gates/rego/opa-gate.ts');
    return readOpaGate(asked, ports);
  }
  const { readConftestGate } = await import('../../../gates/rego/conftest-gate.ts');
  return readConftestGate(asked, ports);
}

function identifyTool(context: RunContext, bin: string): ReturnType<RegoPorts['identifyTool']> {
  const cwd = context.plan.repoRoot;
  const file = resolveExecutable(bin, { path: context.ports.env.PATH ?? '', cwd });
  if (!file.ok) return fail(file.failure.message);
  const identity = identifyExecutable({ file: file.value, args: [], cwd }, context.digests);
  return identity.ok ? ok({ path: file.value, sha256: identity.value.binary.sha256 }) : identity;
}

/** Policies come from the base commit, or from a folder that is held to its digest: never from what a stage wrote. */
function folderReader(context: RunContext, base: string | null): ReadPolicyFolder {
  return async (source) => {
    if (source.digest !== null) {
      const { readPinnedFolder } = await import('../../../store/pinned-folder.ts');
      return readPinnedFolder(source.dir, source.digest);
    }
    if (base === null) {
      const what = 'there is no base commit to read the policy from';
      return fail(folderProblem('policy_missing', `${what}; pin the folder with @sha256:DIGEST`));
    }
    const scratch = gitScratch(context.paths);
    if (!scratch.ok) return fail(folderProblem('policy_unreadable', scratch.failure.message));
    const { readCommitFolder } = await import('../../../git/commit-folder.ts');
    const { env } = context.ports;
    return readCommitFolder({
      root: context.plan.repoRoot,
      commit: base,
      dir: source.dir,
      environment: { path: env.PATH ?? '', home: env.HOME ?? null },
      scratch: scratch.value,
      signal: context.abort,
    });
  };
}
