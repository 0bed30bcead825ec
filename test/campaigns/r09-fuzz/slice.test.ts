import { sliceTest } from '../slice.ts';
import { r09 } from './campaign.ts';

sliceTest(r09);
