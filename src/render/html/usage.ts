import type { AgentUsage } from '../../core/agents/agent-profile.ts';
import { addUsages } from '../../core/agents/limits.ts';
import type { StageExecution } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { countedRows } from './parts.ts';

/** Attempts that are listed; the earlier ones are counted, and are in the sums. */
const MAX_LISTED = 100;

type Used = StageExecution & { readonly usage: AgentUsage };

/** What the agents say they have used: each attempt, each stage, all of it. Null where no attempt was an agent's. */
export function usage(report: RunReport): Part {
  const attempts = report.stage_executions.filter((one): one is Used => one.usage !== null);
  if (attempts.length === 0) return null;
  const listed = new Set(attempts.slice(-MAX_LISTED));
  const stages = [...new Set(attempts.map((one) => one.stage))];
  return html`<p class="lead">As the agents themselves report it. A sum is known only where every attempt in it has reported.</p>
${countedRows(attempts.length - listed.size, 'earlier attempts')}<table class="usage"><thead><tr><th scope="col">stage</th><th scope="col">cost</th><th scope="col">input tokens</th><th scope="col">output tokens</th><th scope="col">turns</th></tr></thead>
<tbody>${stages.map((stage) => stageRows(stage, attempts, listed))}</tbody>
<tfoot>${row(html`All stages`, report.usage ?? addUsages(attempts.map((one) => one.usage)))}</tfoot></table>
`;
}

function stageRows(stage: string, attempts: readonly Used[], listed: ReadonlySet<Used>): Part {
  const own = attempts.filter((one) => one.stage === stage);
  const shown = own.filter((one) => listed.has(one));
  const name = html`<b>${short(stage, 64)}</b> <span class="n">${own.length === 1 ? '1 attempt' : `${own.length} attempts`}</span>`;
  return [
    row(name, addUsages(own.map((one) => one.usage))),
    ...(own.length === 1 ? [] : shown.map((one) => row(attemptName(one), one.usage, 'attempt'))),
  ];
}

function attemptName(one: StageExecution): Markup {
  return html`<span class="n">${short(one.step, 64)} attempt ${one.attempt}${one.cycle === 0 ? null : html`, cycle ${one.cycle}`}</span>`;
}

function row(name: Markup, used: AgentUsage, kind: 'attempt' | 'sum' = 'sum'): Markup {
  return html`<tr class="${kind}"><th scope="row">${name}</th>${cell('cost', dollars(used.cost_usd))}${cell('input tokens', counted(used.input_tokens))}${cell('output tokens', counted(used.output_tokens))}${cell('turns', counted(used.turns))}</tr>\n`;
}

function cell(label: string, value: string | null): Markup {
  return value === null
    ? html`<td data-label="${label}" class="unknown">not reported</td>`
    : html`<td data-label="${label}">${value}</td>`;
}

function dollars(cost: number | null): string | null {
  return cost === null ? null : `$${cost < 1 ? cost.toFixed(4) : cost.toFixed(2)}`;
}

/** `1,234,567`, the same on every machine. */
function counted(count: number | null): string | null {
  return count === null ? null : String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** One attempt's use in a line; null where nobody was asked. */
export function usageLine(used: AgentUsage | null): string | null {
  if (used === null) return null;
  const part = (value: string | null, unit: string) =>
    value === null ? `${unit} not reported` : `${value} ${unit}`;
  return [
    used.cost_usd === null ? 'cost not reported' : dollars(used.cost_usd),
    part(counted(used.input_tokens), 'input tokens'),
    part(counted(used.output_tokens), 'output tokens'),
    part(counted(used.turns), 'turns'),
  ].join(', ');
}
