import { sliceTest } from '../slice.ts';
import { r10 } from './campaign.ts';

sliceTest(r10);
