import { sliceTest } from '../slice.ts';
import { r12 } from './campaign.ts';

sliceTest(r12);
