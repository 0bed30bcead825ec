/*
 * Preloaded into the executable under test: numbers its file operations below one folder, over all threads, and
 * does what is asked at one of them. Given by the environment:
 *
 *   FAULT_EXE   the executable, as /proc/self/exe shows it; every other process is left alone
 *   FAULT_ROOT  the folder; paths are logged and matched relative to it
 *   FAULT_LOG   file that gets a line "<operation> <path>" for each
 *   FAULT_DO    kill-before, kill-after, torn, short, eio, erofs, enospc-once, enospc-forever, full-partial,
 *               stop-before, stop-after
 *   FAULT_OP, FAULT_PATH, FAULT_AT   at the FAULT_AT-th (1) operation of this name and path (a glob); any, if unset
 *   FAULT_STRUCK  file that gets the operation's line when the fault strikes, or a line when the run has stopped
 *
 * The system is called directly: what libc offers under several names ends in the same call. A descriptor's path
 * is asked of /proc, because the runtime closes files behind libc's back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* What an operation asks of the disk: room; that it can be written; less than before. A full disk still renames. */
enum kind { NEEDS_ROOM, NEEDS_DISK, FREES };

struct verdict { int error; int half; int kill_after; int hold_after; };

static const char *root, *log_file, *struck_file, *wanted_op, *wanted_path, *action;
static long wanted_at, seen;
static int disk_error; /* What every later operation gets, once the disk is full or read-only. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *or_else(const char *value, const char *other) { return value ? value : other; }

__attribute__((constructor)) static void start(void) {
  char self[PATH_MAX] = "";
  const char *wanted = getenv("FAULT_EXE");
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0 || !wanted || strcmp(self, wanted)) return;
  log_file = getenv("FAULT_LOG");
  struck_file = getenv("FAULT_STRUCK");
  wanted_op = getenv("FAULT_OP");
  wanted_path = getenv("FAULT_PATH");
  action = or_else(getenv("FAULT_DO"), "");
  wanted_at = atol(or_else(getenv("FAULT_AT"), "1"));
  root = getenv("FAULT_ROOT");
}

/* The path below the root, or NULL. */
static const char *below_root(int folder, const char *path, char *out) {
  char link[64];
  size_t length = 0;
  if (!path || *path != '/') {
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t got = readlink(link, out, PATH_MAX - 1);
    if (got < 0) return NULL;
    length = got;
    out[length] = 0;
  }
  if (path) snprintf(out + length, PATH_MAX - length, "%s%s", length ? "/" : "", path);
  length = strlen(root);
  if (strncmp(out, root, length)) return NULL;
  return out[length] == '/' ? out + length + 1 : out[length] ? NULL : ".";
}

static void append(const char *file, const char *op, const char *path) {
  char line[PATH_MAX + 32];
  int length = snprintf(line, sizeof line, "%s %s\n", op, path);
  long fd = file ? syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
  if (fd < 0) return;
  syscall(SYS_write, fd, line, length);
  syscall(SYS_close, fd);
}

/* Stays here, and so do all who come for the lock, until killed; not longer than whoever asked for it lives. */
static void hold(void) {
  pid_t parent = getppid();
  append(struck_file, "held", "");
  while (getppid() == parent) usleep(1000);
  kill(getpid(), SIGKILL);
}

static int is(const char *one) { return strcmp(action, one) == 0; }

/* What happens to the operation at which the fault strikes. */
static struct verdict strike(void) {
  struct verdict v = {0, 0, 0, 0};
  if (is("kill-before")) kill(getpid(), SIGKILL);
  if (is("stop-before")) hold();
  v.kill_after = is("kill-after") || is("torn");
  v.hold_after = is("stop-after");
  if (is("torn") || is("short") || is("full-partial")) v.half = 1;
  if (is("eio")) v.error = EIO;
  if (is("erofs")) v.error = disk_error = EROFS;
  if (is("enospc-once")) v.error = ENOSPC;
  if (is("enospc-forever")) v.error = disk_error = ENOSPC;
  if (is("full-partial")) disk_error = ENOSPC;
  return v;
}

static struct verdict meet(const char *op, enum kind kind, int folder, const char *path) {
  struct verdict v = {0, 0, 0, 0};
  char full[PATH_MAX];
  const char *short_path = root ? below_root(folder, path, full) : NULL;
  if (!short_path) return v;
  pthread_mutex_lock(&lock);
  append(log_file, op, short_path);
  int matches = (!wanted_op || !strcmp(op, wanted_op)) &&
                (!wanted_path || !fnmatch(wanted_path, short_path, FNM_PATHNAME));
  if (disk_error == EROFS || (disk_error == ENOSPC && kind == NEEDS_ROOM)) v.error = disk_error;
  else if (*action && matches && ++seen == wanted_at) {
    if (strncmp(action, "stop-", 5)) append(struck_file, op, short_path);
    v = strike();
  }
  pthread_mutex_unlock(&lock);
  return v;
}

static long finish(struct verdict v, long result) {
  if (v.kill_after) kill(getpid(), SIGKILL);
  if (v.hold_after) {
    pthread_mutex_lock(&lock);
    hold();
  }
  return result;
}

/* The body of every operation but the writes. */
#define PERFORM(op, kind, folder, path, ...)                  \
  do {                                                        \
    struct verdict v = meet(op, kind, folder, path);          \
    if (v.error) return errno = v.error, -1;                  \
    return finish(v, syscall(__VA_ARGS__));                   \
  } while (0)

int openat(int folder, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  if (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))
    PERFORM("open", NEEDS_ROOM, folder, path, SYS_openat, folder, path, flags, mode);
  return syscall(SYS_openat, folder, path, flags, mode);
}
int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return openat(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));

static ssize_t write_vector(int fd, const struct iovec *data, int count, off_t at) {
  struct verdict v = meet("write", NEEDS_ROOM, fd, NULL);
  struct iovec part = {data->iov_base, data->iov_len / 2};
  if (v.error) return errno = v.error, -1;
  if (v.half && part.iov_len > 0) data = &part, count = 1;
  return finish(v, at < 0 ? syscall(SYS_writev, fd, data, count) : syscall(SYS_pwritev, fd, data, count, at, 0));
}
ssize_t write(int fd, const void *data, size_t size) {
  struct iovec all = {(void *)data, size};
  return write_vector(fd, &all, 1, -1);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  struct iovec all = {(void *)data, size};
  return write_vector(fd, &all, 1, at);
}
ssize_t writev(int fd, const struct iovec *data, int count) { return write_vector(fd, data, count, -1); }
ssize_t pwritev(int fd, const struct iovec *data, int count, off_t at) { return write_vector(fd, data, count, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) __attribute__((alias("pwrite")));
ssize_t pwritev64(int fd, const struct iovec *data, int count, off64_t at) __attribute__((alias("pwritev")));

int fsync(int fd) { PERFORM("fsync", NEEDS_DISK, fd, NULL, SYS_fsync, fd); }
int fdatasync(int fd) { PERFORM("fsync", NEEDS_DISK, fd, NULL, SYS_fdatasync, fd); }
int ftruncate(int fd, off_t size) { PERFORM("truncate", FREES, fd, NULL, SYS_ftruncate, fd, size); }
int ftruncate64(int fd, off64_t size) __attribute__((alias("ftruncate")));

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  PERFORM("rename", NEEDS_DISK, b, to, SYS_renameat2, a, from, b, to, flags);
}
int renameat(int a, const char *from, int b, const char *to) { return renameat2(a, from, b, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int a, const char *from, int b, const char *to, int flags) {
  PERFORM("link", NEEDS_ROOM, b, to, SYS_linkat, a, from, b, to, flags);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
int symlinkat(const char *target, int folder, const char *path) {
  PERFORM("symlink", NEEDS_ROOM, folder, path, SYS_symlinkat, target, folder, path);
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }
int mkdirat(int folder, const char *path, mode_t mode) {
  PERFORM("mkdir", NEEDS_ROOM, folder, path, SYS_mkdirat, folder, path, mode);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
int unlinkat(int folder, const char *path, int flags) {
  const char *op = flags & AT_REMOVEDIR ? "rmdir" : "unlink";
  PERFORM(op, FREES, folder, path, SYS_unlinkat, folder, path, flags);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) { return unlink(path) == 0 ? 0 : errno == EISDIR ? rmdir(path) : -1; }

char *mkdtemp(char *template) {
  static char *(*real)(char *);
  if (!real) real = (char *(*)(char *))dlsym(RTLD_NEXT, "mkdtemp");
  struct verdict v = meet("mkdir", NEEDS_ROOM, AT_FDCWD, template);
  if (v.error) return errno = v.error, NULL;
  char *made = real(template);
  finish(v, 0);
  return made;
}
