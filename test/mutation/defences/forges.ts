import type { Mutation } from '../mutation.ts';

const gitlab = (name: string): Mutation['noticedBy'] => ({ test: 'test/forge/scenarios-gitlab.test.ts', name });
const github = (name: string): Mutation['noticedBy'] => ({ test: 'test/forge/scenarios-github.test.ts', name });
