import { readdirSync } from 'node:fs';
import { ALL_PASS } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';
import { forgingProgram } from './forge.ts';

const CHECKPOINT = 'orchestrator_checkpoint.json';
const OUT = '"$ORCHESTRATOR_OUT_DIR"';

/** What a shell does in out_dir while its stage runs, and what the run has to say about it. */
const REWRITES: Readonly<Record<string, readonly [body: string, says: string]>> = {
  'the checkpoint becomes garbage': [`echo garbage > ${CHECKPOINT}`, 'CHECKPOINT_TAMPERED'],
  'the checkpoint is removed': [`rm ${CHECKPOINT}`, 'CHECKPOINT_TAMPERED'],
  'the checkpoint becomes a link': [`mv ${CHECKPOINT} x; ln -s x ${CHECKPOINT}`, 'CHECKPOINT_TAMPERED'],
  'the checkpoint gets one byte more': [`printf ' ' >> ${CHECKPOINT}`, 'CHECKPOINT_TAMPERED'],
  'the audit log is emptied': [': > audit.jsonl', 'audit'],
  'the audit log loses its first record': ['sed -i 1d audit.jsonl', 'audit'],
  'the lock gets a newer holder': ['cd .lock; held=$(ls | grep held | tail -1); cp "$held" 99.held', 'lock'],
};

const rewrites: readonly Attack[] = Object.entries(REWRITES).map(([name, [body, says]]) => ({
  row: 1,
  name: `an agent rewrites control files: ${name}`,
  control: 'the check before every commit that the files are what this process last wrote',
  attempt: async (rig) => {
    const vandal = rig.agent('vandal', `cd ${OUT}; ${body}`);
    const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', 'true', '--executor-bin', vandal]);
    const verified = await rig.run(['verify', './out']);
    return [...unlessEnded(run, 1, says), ...unless(verified.code !== 0, 'verify passes it')];
  },
}));

const forgeries: readonly Attack[] = [true, false].map((mends) => ({
  row: 1,
  name: `an agent writes a done checkpoint, its digest ${mends ? 'mended' : 'as it was'}`,
  control: 'the forged file is kept and is found to say done: a run that read it back would end with 0',
  attempt: async (rig) => {
    const forger = rig.nodeAgent('forger', forgingProgram(mends));
    const run = await rig.run(['./out', '--policy-status', 'allow', '--executor-bin', forger]);
    const kept = readdirSync(rig.out).filter(
      (name) => name.startsWith('orchestrator_checkpoint') && name !== CHECKPOINT,
    );
    const forged = [CHECKPOINT, ...kept].some((name) => /"status": "done"/.test(rig.read(`out/${name}`)));
    return [
      ...unlessEnded(run, 1, 'CHECKPOINT_TAMPERED'),
      ...unless(forged, 'the control: no file says done'),
      ...unless(kept.length >= 1, 'only one of the two files was kept'),
    ];
  },
}));

/** Row 1: checkpoint, audit log and lock are rewritten while a run goes on. */
export const CONTROL_FILES: readonly Attack[] = [...rewrites, ...forgeries];
