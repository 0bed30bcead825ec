import type { GateName } from '../../../core/gates/gate.ts';
import { blocking, type GateReading } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import { unreachable } from '../../../core/unreachable.ts';
import type { RunContext } from '../context.ts';
import { type AskedGates, type Asking, refused } from './asking.ts';
import { judgedChange } from './judged-change.ts';
import { questionOf } from './question.ts';
import { readForge } from './read-forge.ts';
import { readPolicy } from './read-policy.ts';
import { toolRunner } from './run-tool.ts';
import { readScope } from './scope-guard.ts';
import type { Purpose } from './settle.ts';
import { changedTrust } from './trusted-files.ts';

/** The sources of a run's gates, opened for one moment of it. */
export interface OpenSources {
  /** Every source of a gate but the operator. Never rejects for what a source does: that is a document that blocks. */
  readonly read: (gate: GateName, purpose: Purpose) => Promise<readonly GateReading[]>;
}

/** Opens what the sources of these gates need. */
export function openSources(context: RunContext, document: RunDocument, asked: AskedGates): OpenSources {
  const plan = gatePlanOf(context.plan.closure);
  const judged = judgedChange(context, document);
  return {
    read: async (gate, purpose) => {
      const question = questionOf(context, document, gate, asked.moment);
      const asking = { context, document, plan, question, purpose, judged };
      const external = plan.sources[gate].filter((one) => one.kind !== 'operator');
      const scope = gate === 'policy' ? await readScope(context, document, question, judged) : null;
      const readings: GateReading[] = scope === null ? [] : [scope];
      for (const source of external) {
        if (source.kind !== 'file') readings.push(await readTrusted(asking, source));
      }
      const files = external.flatMap((one) => (one.kind === 'file' ? [one] : []));
      if (files.length === 0) return readings;
      const { readFiles } = await import('./read-files.ts');
      return [...readings, ...(await readFiles(asking, files))];
    },
  };
}

/** A source whose own executable was changed is not asked. */
async function readTrusted(asking: Asking, source: GateSource): Promise<GateReading> {
  const { context, document, question } = asking;
  const changed = changedTrust(context, document.trusted_files, question.gate, source);
  return changed.length > 0 ? refused(question, source, changed) : readSource(asking, source);
}

async function readSource(asking: Asking, source: GateSource): Promise<GateReading> {
  const { context, document, question } = asking;
  switch (source.kind) {
    case 'command': {
      const { readCommandGate } = await import('../../../gates/command/command-gate.ts');
      return readCommandGate(question, source, {
        runTool: toolRunner(context, question.gate, document.invocations.length),
        timeoutMs: context.plan.timeoutMs,
        nowSecs: () => Math.floor(context.ports.clock.now() / 1000),
      });
    }
    case 'github':
    case 'gitlab':
      return (await refuseOtherCommit(asking, source)) ?? readForge(asking, source);
    case 'cedar':
    case 'opa':
    case 'conftest':
      return readPolicy(asking, source, asking.judged);
    case 'operator':
    case 'file':
      throw new Error(`a source ${source.kind} is read elsewhere`);
    default:
      return unreachable(source);
  }
}

/**
 * A forge attests a commit: one whose content is not what was validated is not what closes (spec/gates.md, before
 * section 1). null where it is.
 */
async function refuseOtherCommit(asking: Asking, source: GateSource): Promise<GateReading | null> {
  const { question, judged } = asking;
  const { head_sha: head } = question.subject;
  if (head === null) return null;
  const match = await judged.match(head);
  if (!match.ok) {
    const { message, remedy } = match.failure;
    return refused(question, source, [blocking('head_unreadable', head, message, remedy)]);
  }
  if (match.value?.same === true) return null;
  const paths =
    match.value === null ? 'there is no git work tree' : match.value.differing.slice(0, 5).join(', ');
  return refused(question, source, [
    blocking(
      'head_is_not_validated_tree',
      head,
      `the commit does not hold exactly what was validated: ${paths}`,
      'commit and push the validated content, and name that commit with --gate-commit SHA; or let the run deliver it',
    ),
  ]);
}
