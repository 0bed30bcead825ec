/** What `orchestrator --help` says before the flags. ASCII only: it is measured by columns. */
export const RUN_INTRODUCTION = `Runs other programs as stages, decides three gates, and leaves evidence in
out_dir (default ./out). Fail-closed: anything missing, unknown, late, stale,
malformed or contradictory stops the run; only an explicit pass opens a gate.

  planning -> policy_ingestion -> execution -> validation -> closure
  manager     policy gate         executor     reviewer,     gates policy, ci,
                                               commands      review: done

Exit codes
    0  done: closure-ready, all three gates passed
    1  failed: a stage failed, or evidence that cannot be trusted or written
    2  usage: flags, config, preconditions; nothing was run and nothing written
    3  blocked: a gate did not pass
   75  another process holds this out_dir: try later
  124  timeout
  129, 130, 143  interrupted by SIGHUP, SIGINT, SIGTERM; go on with --resume`;

/** Examples after document 004's quickstarts; each is one command. */
export const RUN_EXAMPLES = `Examples

  A run that needs nothing but a shell:

    orchestrator ./out \\
      --policy-status allow --ci-status success --review-status approved \\
      --manager-bin /bin/sh --manager-arg -c --manager-arg "exit 0" \\
      --executor-bin /bin/sh --executor-arg -c --executor-arg "exit 0"

  With the artifacts that must be there, and a variable for the executor:

    orchestrator ./out \\
      --policy-status allow --ci-status success --review-status approved \\
      --manager-bin ./target/release/auto_manager_ai \\
      --manager-arg . --manager-arg ./out/manager \\
      --manager-expected-artifact ./out/manager/action_plan.json \\
      --executor-bin ./target/debug/autonomous_dev_ai \\
      --executor-env AUTONOMOUS_REVIEW_REQUIRED=true

  Go on after a failure, an interruption or a closed gate:

    orchestrator ./out --resume
    orchestrator ./out --resume --review-status approved

  With evidence that cannot be forged without the key:

    orchestrator ./out --executor-bin ./agent \\
      --state-key-file ~/.config/orchestrator/state.key

A flag shown with "..." may be given several times, every other flag once.
A value may follow its flag after a space or "=". "--" ends the flags.
An out_dir named like a command is written ./report.`;
