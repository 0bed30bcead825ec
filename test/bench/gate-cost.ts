import { combineSources } from '../../src/core/gates/combine-sources.ts';
import { decideGates } from '../../src/core/gates/decide-gates.ts';
import { GATE_ORDER, PASS_STATUS } from '../../src/core/gates/gate.ts';
import { readCedarGate } from '../../src/gates/cedar/cedar-gate.ts';
import { startCedar } from '../../src/gates/cedar/engine.ts';
import { STARTER_POLICY } from '../../src/operations/starter-policy/files.ts';
import { ask, cedarModule, cedarPorts, change, diffOf, folderOf, inputOf } from '../gates/sample-policy.ts';
import { median } from './measure.ts';
import type { Row } from './table.ts';

const EIGHT = Array.from({ length: 8 }, (_, index) => change(`src/file-${index}.ts`));

/** What a gate without network costs: three gates by the operator's word, and one Cedar decision on eight files. */
export async function measureGateCost(rounds: number): Promise<readonly Row[]> {
  const module = cedarModule();
  const ports = cedarPorts(folderOf(STARTER_POLICY), { loadCedar: () => startCedar(module) });
  const question = ask('cedar', inputOf(diffOf(EIGHT)));
  const started = performance.now();
  await readCedarGate(question, ports);
  const load = performance.now() - started;
  const decided: number[] = [];
  const asserted: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    decided.push(await timed(() => readCedarGate(question, ports)));
    asserted.push(await timed(decideByOperator));
  }
  return [
    row('three gates, operator', asserted, 1),
    row('a Cedar decision, 8 files, engine loaded', decided, 5),
    { ...row('the first one, engine and policy to load', [load], 0), figure: null, bound: null },
  ];
}

function decideByOperator(): void {
  const signals = GATE_ORDER.map((gate) => [
    gate,
    combineSources(gate, {
      sources: [],
      requireExternal: false,
      documents: [],
      operator: {
        status: PASS_STATUS[gate],
        source: 'operator',
        asserted_at_unix_secs: 5,
        carried_over: false,
        details: [],
        documents: [],
      },
    }),
  ]);
  decideGates(Object.fromEntries(signals));
}

async function timed(what: () => unknown): Promise<number> {
  const started = performance.now();
  await what();
  return performance.now() - started;
}

function row(name: string, times: readonly number[], bound: number): Row {
  const figure = median(times);
  return {
    name,
    min: `${Math.min(...times).toFixed(2)} ms`,
    median: `${figure.toFixed(2)} ms`,
    figure,
    unit: ' ms',
    bound,
  };
}
