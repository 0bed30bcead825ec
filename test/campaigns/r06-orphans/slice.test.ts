import { sliceTest } from '../slice.ts';
import { r06 } from './campaign.ts';

sliceTest(r06);
