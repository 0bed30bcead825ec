import { sliceTest } from '../slice.ts';
import { r15 } from './campaign.ts';

sliceTest(r15);
