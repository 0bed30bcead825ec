import { sliceTest } from '../slice.ts';
import { r14 } from './campaign.ts';

sliceTest(r14);
