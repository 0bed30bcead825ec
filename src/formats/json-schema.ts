/**
 * The part of zod that publishing a schema needs. Reached by `import()`: naming the whole package there would keep all
 * of it, its translations too, in the module that every reader of evidence loads.
 */
export { toJSONSchema } from 'zod';
