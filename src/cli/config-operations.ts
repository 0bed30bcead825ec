import { EXIT } from '../core/exit-code.ts';
import { ok, type Result } from '../core/result.ts';
import type { Operations } from './operations.ts';

/** The operations that look at configuration and schemas only; `main` adds those that look at a run. */
export const CONFIG_OPERATIONS: Pick<
  Operations,
  'printConfig' | 'configValidate' | 'configPrint' | 'configInit' | 'schema'
> = {
  printConfig: async (request, context) => {
    const { printConfig } = await import('../operations/print-config.ts');
    return printed(await printConfig(request, context));
  },
  configValidate: async (request, context) => {
    const { configValidate } = await import('../operations/config-validate.ts');
    return ok((await configValidate(request, context)) ? EXIT.done : EXIT.usage);
  },
  configPrint: async (request, context) => {
    const { configPrint } = await import('../operations/config-print.ts');
    return printed(await configPrint(request, context));
  },
  configInit: async (request, context) => {
    const { configInit } = await import('../operations/config-init.ts');
    return printed(await configInit(request, context));
  },
  schema: async (name, context) => {
    const { schema } = await import('../operations/schema.ts');
    return printed(await schema(name, context));
  },
};

/** An informational command has done its work when it has printed (spec, first section). */
function printed<Failed>(result: Result<void, Failed>): Result<number, Failed> {
  return result.ok ? ok(EXIT.done) : result;
}
