import { judgeScenarios } from './judge-scenarios.ts';
import { gitlabReader } from './read-gitlab.ts';

judgeScenarios('gitlab', gitlabReader);
