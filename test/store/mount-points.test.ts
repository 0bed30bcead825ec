import t from 'tap';
import { mountPointIn, mountPointsOf } from '../../src/store/mount-points.ts';

t.test('mount points are read with spaces and line ends in their names', async (t) => {
  const line = (place: string) => `36 35 98:0 /mnt1 ${place} rw,noatime master:1 - ext3 /dev/root rw`;
  t.strictSame(mountPointsOf(`${line('/a\\040b')}\n${line('/c\\012\\134d')}\n\nodd\n`), ['/a b', '/c\n\\d']);
});

t.test('a folder that nothing is mounted in has no mount point', async (t) => {
  t.equal(mountPointIn(t.testdir()), null);
  t.not(mountPointIn('/'), null);
});
