"""System calls that auditing is usually set on, by number.

Source: Linux ``arch/x86/entry/syscalls/syscall_64.tbl`` and ``asm-generic/unistd.h``.
"""

from __future__ import annotations

X86_64 = {
    0: "read", 1: "write", 2: "open", 41: "socket", 42: "connect", 43: "accept", 44: "sendto",
    45: "recvfrom", 49: "bind", 50: "listen", 56: "clone", 57: "fork", 58: "vfork", 59: "execve",
    62: "kill", 76: "truncate", 77: "ftruncate", 82: "rename", 83: "mkdir", 84: "rmdir",
    85: "creat", 86: "link", 87: "unlink", 88: "symlink", 90: "chmod", 91: "fchmod", 92: "chown",
    93: "fchown", 94: "lchown", 101: "ptrace", 105: "setuid", 106: "setgid", 113: "setreuid",
    155: "pivot_root", 161: "chroot", 164: "settimeofday", 165: "mount", 166: "umount2",
    170: "sethostname", 175: "init_module", 176: "delete_module", 188: "setxattr",
    227: "clock_settime", 257: "openat", 258: "mkdirat", 260: "fchownat", 263: "unlinkat",
    264: "renameat", 265: "linkat", 266: "symlinkat", 268: "fchmodat", 272: "unshare",
    288: "accept4", 308: "setns", 310: "process_vm_readv", 311: "process_vm_writev",
    313: "finit_module", 316: "renameat2", 319: "memfd_create", 321: "bpf", 322: "execveat",
    437: "openat2",
}  # fmt: skip
AARCH64 = {
    5: "setxattr", 33: "mknodat", 34: "mkdirat", 35: "unlinkat", 36: "symlinkat", 37: "linkat",
    38: "renameat", 39: "umount2", 40: "mount", 45: "truncate", 53: "fchmodat", 54: "fchownat",
    56: "openat", 97: "unshare", 105: "init_module", 106: "delete_module", 117: "ptrace",
    129: "kill", 146: "setuid", 170: "settimeofday", 198: "socket", 200: "bind", 201: "listen",
    202: "accept", 203: "connect", 220: "clone", 221: "execve", 242: "accept4",
    273: "finit_module", 276: "renameat2", 279: "memfd_create", 280: "bpf", 281: "execveat",
    437: "openat2",
}  # fmt: skip

_BY_ARCH = {"c000003e": X86_64, "c00000b7": AARCH64, "x86_64": X86_64, "aarch64": AARCH64}


def syscall_name(arch: str, number: str) -> str | None:
    """Return the name; None for a number that is not listed; a name as it is."""
    if not number.isdecimal():
        return number
    if len(number) > 4:
        return None
    return _BY_ARCH.get(arch.lower(), {}).get(int(number))
