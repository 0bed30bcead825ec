import { sliceTest } from '../slice.ts';
import { r11 } from './campaign.ts';

sliceTest(r11);
