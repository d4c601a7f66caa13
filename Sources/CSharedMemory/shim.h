// The Linux calls that glibc's headers show only to GNU sources, or do not wrap at all.
#include <fcntl.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// Anonymous memory with a descriptor: it has no name and goes with its last user.
static inline int peerless_memory_descriptor(const char *name) {
    const unsigned int close_on_exec_and_sealing = 3;
    return (int)syscall(SYS_memfd_create, name, close_on_exec_and_sealing);
}

/// Fixes the size for good, so that no process can make another's mapping fault.
static inline int peerless_seal_size(int descriptor) {
    const int add_seals = 1033, seal_shrink_grow = 1 | 2 | 4;
    return fcntl(descriptor, add_seals, seal_shrink_grow);
}

/// Whether the size can never change.
static inline int peerless_is_size_sealed(int descriptor) {
    const int get_seals = 1034, shrink_grow = 2 | 4;
    const int seals = fcntl(descriptor, get_seals);
    return seals >= 0 && (seals & shrink_grow) == shrink_grow;
}

/// Sleeps while the word has a value, at most so long; among processes.
static inline int peerless_wait_word(void *word, uint32_t value, int64_t nanoseconds) {
    const struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return (int)syscall(SYS_futex, word, FUTEX_WAIT, value, &time, (void *)0, 0);
}

/// Wakes whoever sleeps on the word.
static inline int peerless_wake_word(void *word) {
    return (int)syscall(SYS_futex, word, FUTEX_WAKE, 0x7fffffff, (void *)0, (void *)0, 0);
}

/// Tells the processor that a loop only waits for another core.
static inline void peerless_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
