/** Why a change is refused. The first two hold whether a scope is configured or not. */
export const BREACH_CODES = [
  'path_in_git_dir',
  'path_outside_repository',
  'path_outside_root',
  'path_not_allowed',
  'path_protected',
  'path_not_planned',
  'path_collides',
  'path_hidden',
  'name_not_portable',
  'symlink_escapes',
  'symlink_to_protected',
  'submodule_changed',
  'nested_repository',
  'special_file',
  'mode_changed',
  'too_many_files',
  'too_many_lines',
  'too_many_new_files',
  'too_many_deleted_files',
] as const;
export type BreachCode = (typeof BREACH_CODES)[number];
