import type { Clock } from '../../core/clock.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { type OtelSettings, readOtelSettings } from '../../core/telemetry/otel-settings.ts';
import { SIGNALS } from '../../core/telemetry/otel-variables.ts';
import type { EndedInvocation, RunListener } from '../../core/telemetry/run-listener.ts';
import { type SenderProcess, startSender } from '../../process/sender-process.ts';
import { activeRequest, endRequests, type ToldBy } from './requests.ts';
import { createSend, type Send } from './send.ts';

/** Telemetry of one invocation, from before the run begins until after it has ended. */
export interface Telemetry extends RunListener {
  /**
   * Sends what there is to say of the run. Resolves after the longest OTEL_EXPORTER_OTLP_TIMEOUT and half a second at
   * the latest, after `stop` at once; never rejects. Gives one line for a person where something was not sent or not
   * understood, else null.
   */
  readonly finish: () => Promise<string | null>;
  /** Breaks off what `finish` waits for. */
  readonly stop: () => void;
}

export interface TelemetryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly version: string;
  /** How to start this program as the process that sends. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
}

/**
 * Reads the variables; `opening` starts the process that sends. Nothing of it throws, not even for a mistake in here:
 * the run is what counts.
 */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { settings, problems } = readOtelSettings(options.env);
  if (settings === null) {
    return { ...silent, finish: async () => noticeOf(problems) };
  }
  let sender: SenderProcess | null = null;
  const told = createTold(
    settings,
    options,
    createSend(() => sender, settings.targets),
  );
  return {
    opening: () => {
      sender = startSender(options);
    },
    began: (document) => quietly(() => told.began(document)),
    ended: told.ended,
    finish: async () => {
      try {
        const unsent = await told.finish();
        return unsent === null ? null : noticeOf([...problems, ...unsent]);
      } catch (error) {
        return noticeOf([error instanceof Error ? error.message : 'it could not be made']);
      } finally {
        sender?.end();
      }
    },
    stop: () => sender?.end(),
  };
}

const silent: Omit<Telemetry, 'finish'> = {
  opening: () => {},
  began: () => {},
  ended: () => {},
  stop: () => {},
};

function createTold(settings: OtelSettings, { clock, version }: TelemetryOptions, send: Send) {
  const started = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
  const by = (document: RunDocument): ToldBy => ({ settings, version, startedMs: started.wallMs, document });
  let pulse: NodeJS.Timeout | null = null;
  let end: EndedInvocation | null = null;
  return {
    began: (document: RunDocument): void => {
      let isUnderWay = false;
      const tell = async (): Promise<void> => {
        if (isUnderWay) return;
        isUnderWay = true;
        await send('metrics', [activeRequest(by(document), clock.now())]);
        isUnderWay = false;
      };
      void tell();
      pulse = setInterval(() => void tell(), settings.intervalMs);
      pulse.unref();
    },
    ended: (ended: EndedInvocation): void => {
      end = ended;
    },
    /** What was not sent; null where nothing was run. */
    finish: async (): Promise<readonly string[] | null> => {
      if (pulse !== null) clearInterval(pulse);
      if (end === null) return null;
      const endedMs = started.wallMs + (clock.monotonic() - started.monotonicMs);
      const requests = endRequests(by(end.document), end, endedMs);
      const told = await Promise.all(SIGNALS.map((signal) => send(signal, requests[signal])));
      return told.flatMap((problem) => (problem === null ? [] : [problem]));
    },
  };
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // `finish` makes the same request and tells.
  }
}

/** One line, or null where all went well. */
function noticeOf(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : `telemetry: ${problems.join('; ')}`;
}
