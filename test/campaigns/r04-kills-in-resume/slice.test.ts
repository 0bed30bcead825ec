import { sliceTest } from '../slice.ts';
import { r04 } from './campaign.ts';

sliceTest(r04);
