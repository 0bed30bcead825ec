/** What an agent, or what it has started, does to be read as better than it was. */
import { spawnSync } from 'node:child_process';
import { OUTPUTS } from '../../core/agents/outputs.ts';
import { ALL_PASS, e2e, type Rig } from '../rig.ts';

/** The flags of a Claude Code that is this script. */
function claudeFlags(rig: Rig, script: string): readonly string[] {
  const bin = rig.agent('claude', script);
  return ['--executor-agent', 'claude-code', '--executor-bin', bin, '--executor-prompt', 'fix it'];
}

const { success, error } = OUTPUTS['claude-code'];

e2e('a log that is not what the agent has printed is no result of it', async (t, rig) => {
  const good = rig.write(`${rig.base}/good`, success);
  const bad = rig.write(`${rig.base}/bad`, error);
  const log = '"$ORCHESTRATOR_OUT_DIR/logs/execution.1.stdout.log"';
  const printed = `cat '${bad}'; while [ ! -s ${log} ]; do :; done`;
  const scripts = {
    replaced: `${printed}; cp '${good}' "$ORCHESTRATOR_OUT_DIR/x"; mv "$ORCHESTRATOR_OUT_DIR/x" ${log}`,
    overwritten: `${printed}; cat '${good}' > ${log}`,
    added: `${printed}; cat '${good}' >> ${log}`,
    linked: `${printed}; ln -sf '${good}' ${log}`,
    piped: `${printed}; rm ${log}; mkfifo ${log}`,
  };
  for (const [out, script] of Object.entries(scripts)) {
    const run = await rig.run([out, ...ALL_PASS, ...claudeFlags(rig, script)]);
    t.equal(run.code, 1, `${out}: ${run.said}`);
    const { failure } = rig.report(`${rig.work}/${out}`);
    t.equal(failure?.reason, 'agent_result_unreadable', out);
    t.match(failure?.message, /its log (is not what it has printed|cannot be read)/, out);
  }
});

e2e('what an agent says in a line that is too long to be read is no success', async (t, rig) => {
  const long = `head -c 9000000 /dev/zero | tr '\\0' x`;
  const good = rig.write(`${rig.base}/good`, success);
  const bad = rig.write(`${rig.base}/bad`, error);
  const flags = claudeFlags(rig, `${long}; cat '${bad}' '${good}'`);
  const run = await rig.run(['out', ...ALL_PASS, ...flags]);
  t.equal(run.code, 1, run.said);
  t.match(rig.report().failure?.message, /a line of its output is too long/);
});

const LIBRARY = spawnSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null'], {
  encoding: 'utf8',
}).stdout.trim();

e2e(
  'a clock that is set back between two attempts gives back nothing of a limit',
  async (t, rig) => {
    const clock = rig.write(`${rig.base}/clock`, '+0\n');
    const printed = rig.write(`${rig.base}/good`, success);
    const flags = claudeFlags(rig, `echo '-1h' > '${clock}'; cat '${printed}'; exit 1`);
    const through = [
      ...['/usr/bin/env', `LD_PRELOAD=${LIBRARY}`, `FAKETIME_TIMESTAMP_FILE=${clock}`],
      ...['FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1'],
    ];
    const limits = ['--executor-max-cost-usd', '0.6', '--execution-max-iterations', '9'];
    const run = await rig.run(['out', ...ALL_PASS, ...flags, ...limits], { through });
    t.equal(run.code, 1, run.said);
    const { failure, stage_executions } = rig.report();
    t.equal(failure?.reason, 'budget_exceeded');
    t.equal(stage_executions.filter((one) => one.step === 'executor').length, 3);
  },
  { skip: LIBRARY === '' ? 'needs libfaketime' : false },
);
