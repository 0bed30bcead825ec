import { sliceTest } from '../slice.ts';
import { r08 } from './campaign.ts';

sliceTest(r08);
