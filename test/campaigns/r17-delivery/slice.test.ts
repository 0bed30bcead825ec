import { sliceTest } from '../slice.ts';
import { r17 } from './campaign.ts';

sliceTest(r17);
