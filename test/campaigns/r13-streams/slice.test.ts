import { sliceTest } from '../slice.ts';
import { r13 } from './campaign.ts';

sliceTest(r13);
