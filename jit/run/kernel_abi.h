/* What compiled code and the runtime agree on. Both backends, the evaluator, the loader and the
 * dispatcher include this; a change here changes the cache's version.
 *
 * Entry. A kernel is called as entry(args, results, error). Arguments and results are flattened to
 * 8-byte slots in the order of jit_type_parts: ints sign- or zero-extended to 64 bits, bools 0 or
 * 1,
 * floats as their bits (a float32 in the low half). An array is the slots data, owner, shape[rank]
 * and, unless the type says contiguous, strides[rank] in bytes. It returns 0, or 1 with *error
 * filled and no result; then it holds no references.
 *
 * Owners. The owner slot of an array argument is (index << 1) | 1, a tag that retain and release
 * ignore: arguments outlive the call. In results it is such a tag (the array is a view of that
 * argument) or a KernelBuffer of which the caller now owns one reference.
 *
 * Errors. `site` is a constant inside the kernel's object; its text, if any, follows at the given
 * offset from the site's own address, so the object needs no relocation for it. The structure comes zeroed; it also
 * carries what recursive calls compare their frame's address with, for the thread that the kernel runs on.
 *
 * Parallel loops. The body is an entry whose first slots are the range [begin, end) of iterations, the loop's start and
 * step, and the number of the block. The caller passes in slots[0] how many blocks there are, which depends on the length
 * only (jit_rt_parfor_blocks), and where blocks keep copies of arrays, on the sizes of these (jit_rt_parfor_copies); in slots[1] how many arrays these are.
 */
#ifndef JIT_RUN_KERNEL_ABI_H
#define JIT_RUN_KERNEL_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_ABI_VERSION 4

typedef struct KernelSite {
    uint32_t err; /* a row of errors.def */
    int32_t line, col, end_line, end_col;
    int32_t text; /* offset in bytes from this struct to a NUL-terminated text; 0: none */
} KernelSite;

enum { KERNEL_ERROR_ARGS = 4 };

typedef struct KernelError {
    const KernelSite *site;
    int64_t args[KERNEL_ERROR_ARGS];
    uint64_t no_room; /* the complement of the lowest address that a frame may have; 0: not asked yet */
} KernelError;

/* What happened, but not what belongs to the thread. */
static inline void kernel_error_copy(KernelError *to, const KernelError *from)
{
    uint64_t no_room = to->no_room;
    *to = *from;
    to->no_room = no_room;
}

typedef int32_t (*KernelEntry)(const uint64_t *args, uint64_t *results, KernelError *error);

/* A counted block of memory that kernels allocate; data starts on a cache line. */
typedef struct KernelBuffer {
    int64_t refs;
    int64_t size;
    int64_t offset;                            /* from where the allocator's block begins */
    void (*destroy)(struct KernelBuffer *buffer); /* gives up what a container holds, or NULL */
    int64_t padding[4];
    char data[];
} KernelBuffer;
_Static_assert(offsetof(KernelBuffer, data) == 64, "compiled code adds 64 to reach the data");

static inline bool kernel_owner_is_buffer(uint64_t owner) { return owner && !(owner & 1); }

/* NULL when memory is out. */
KernelBuffer *jit_rt_alloc(int64_t bytes, int32_t zeroed);
void jit_rt_retain(uint64_t owner);
void jit_rt_release(uint64_t owner);
int64_t jit_rt_buffers_alive(void); /* for the tests' leak check */

/* Number of blocks that a parallel loop of n iterations is split into: up to 256. */
int64_t jit_rt_parfor_blocks(int64_t n);
/* The same when each block fills and combines copies of `items` array elements: up to 64, so few
 * that this costs an eighth of the loop at most. */
int64_t jit_rt_parfor_copies(int64_t n, int64_t items);
/* The same for n rows of together `items` elements of an array expression: blocks of 8192 elements at least. */
int64_t jit_rt_parfor_rows(int64_t n, int64_t items);
/* Where a block begins: the first n % blocks of them have one iteration more than the others. */
static inline int64_t jit_rt_parfor_begin(int64_t n, int64_t blocks, int64_t block)
{
    int64_t more = n % blocks;
    return n / blocks * block + (block < more ? block : more);
}
/* Runs every block; slots[0], slots[1] and slots[4] are overwritten in each worker's copy. results
 * gets nresults slots a block. Status 1: *error is that of the lowest block that raised. */
int32_t jit_rt_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                      uint64_t *results, int64_t nresults, KernelError *error);
/* Replaced by the thread pool; the default runs blocks in order on the calling thread. */
typedef int32_t (*KernelParfor)(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                                uint64_t *results, int64_t nresults, KernelError *error);
extern KernelParfor jit_rt_parfor_hook;
/* Is the calling thread to end its kernel? Asked in long blocks; replaced by the pool. */
extern int64_t (*jit_rt_poll_hook)(void);
extern void (*jit_rt_print_hook)(const char *text, size_t length); /* default: stdout */

/* Writes the sentence of an error; `expression` is its source text or NULL. */
char *jit_rt_error_text(const KernelError *error, const char *expression, char *buf, size_t size);
const char *jit_rt_error_class(const KernelError *error);

/* Symbols that objects may refer to; NULL: unknown. */
void *jit_rt_symbol(const char *name);

#endif
