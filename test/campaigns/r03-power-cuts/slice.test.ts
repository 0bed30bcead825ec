import { sliceTest } from '../slice.ts';
import { r03 } from './campaign.ts';

sliceTest(r03);
