import { readOtelSettings } from './otel-settings.ts';
import { SIGNALS } from './otel-variables.ts';

/** What a run in this environment would send, and where to; neither paths nor headers are shown. */
export interface DescribedOtel {
  /** `traces to http://collector:4318 (http/protobuf, at most 3000 ms)`; empty where nothing is sent. */
  readonly sent: readonly string[];
  readonly problems: readonly string[];
}

/** For `--dry-run` and `doctor`. */
export function describeOtel(env: Readonly<Record<string, string | undefined>>): DescribedOtel {
  const { settings, problems } = readOtelSettings(env);
  const sent = SIGNALS.flatMap((signal) => {
    const target = settings?.targets[signal] ?? null;
    if (target === null) return [];
    const { shownAs, protocol, timeoutMs } = target;
    return [`${signal} to ${shownAs} (${protocol}, at most ${timeoutMs} ms)`];
  });
  return { sent, problems };
}
