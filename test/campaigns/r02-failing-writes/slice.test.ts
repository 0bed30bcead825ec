import { sliceTest } from '../slice.ts';
import { r02 } from './campaign.ts';

sliceTest(r02);
