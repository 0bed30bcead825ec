import { sliceTest } from '../slice.ts';
import { r05 } from './campaign.ts';

sliceTest(r05);
