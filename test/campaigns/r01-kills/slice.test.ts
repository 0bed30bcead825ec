import { sliceTest } from '../slice.ts';
import { r01 } from './campaign.ts';

sliceTest(r01);
