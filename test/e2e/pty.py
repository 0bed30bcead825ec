"""Runs a program as the leader of a session in a pseudo-terminal: pty.py COLUMNS ROWS PROGRAM [ARGUMENT...]

What the program writes goes to stdout. Commands come on stdin, one a line: `type TEXT` (escapes as in a Python string),
`size COLUMNS ROWS`, `kill` (SIGKILL for the whole session's foreground group). The last line of stderr is how the
program ended: `exit N` or `signal N`; the exit code is 0 where the
program's was, else 1.
"""
import fcntl
import os
import select
import signal
import struct
import sys
import termios


def set_size(master, columns, rows):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', int(rows), int(columns), 0, 0))


def obey(line, master):
    word, _, rest = line.partition(' ')
    if word == 'type':
        os.write(master, rest.encode().decode('unicode_escape').encode('latin-1'))
    elif word == 'size':
        set_size(master, *rest.split())
    elif word == 'kill':
        os.killpg(os.tcgetpgrp(master), signal.SIGKILL)


def start(slave, argv):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for descriptor in (0, 1, 2):
            os.dup2(slave, descriptor)
        os.execv(argv[0], argv)
    return pid


def pump(master):
    """Until the terminal is closed by everybody who had it."""
    commands, sources = b'', [master, 0]
    while True:
        readable, _, _ = select.select(sources, [], [])
        if 0 in readable:
            data = os.read(0, 65536)
            if not data:
                sources.remove(0)
            *lines, commands = (commands + data).split(b'\n')
            for line in lines:
                obey(line.decode(), master)
        if master in readable:
            try:
                data = os.read(master, 65536)
            except OSError:
                return
            if not data:
                return
            os.write(1, data)


def main():
    columns, rows, *argv = sys.argv[1:]
    master, slave = os.openpty()
    set_size(master, columns, rows)
    pid = start(slave, argv)
    os.close(slave)
    pump(master)
    _, status = os.waitpid(pid, 0)
    ended = f'exit {os.WEXITSTATUS(status)}' if os.WIFEXITED(status) else f'signal {os.WTERMSIG(status)}'
    os.write(2, f'{ended}\n'.encode())
    sys.exit(0 if ended == 'exit 0' else 1)


if __name__ == '__main__':
    main()
