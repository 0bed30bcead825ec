import { sliceTest } from '../slice.ts';
import { r07 } from './campaign.ts';

sliceTest(r07);
