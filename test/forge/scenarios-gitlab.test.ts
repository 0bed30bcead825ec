import { judgeScenarios } from './judge-scenarios.ts';
import { readGitlab } from './read-gitlab.ts';

judgeScenarios('gitlab', () => readGitlab);
