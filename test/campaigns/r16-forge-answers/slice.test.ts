import { sliceTest } from '../slice.ts';
import { r16 } from './campaign.ts';

sliceTest(r16);
