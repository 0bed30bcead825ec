import { judgeScenarios } from './judge-scenarios.ts';
import { githubReader } from './read-github.ts';

judgeScenarios('github', githubReader);
