/* randoms.c: random numbers of parallel loops, which do not depend on the number of threads.
 *
 * A loop that may draw takes a key from its caller's stream, once; each of its blocks has streams of its own, made from the key and
 * the block's number when the block first draws. Blocks depend on the loop's length alone, so after np.random.seed the numbers
 * of all iterations are defined. The streams themselves are modules/numpy/random/kernel.c's, asked by name. */
#include "jit/run/randoms.h"

#include <stddef.h>

#include "runtime/krait.h"

LoopRandoms jit_randoms_open(uint64_t flags)
{
    LoopRandoms loop = {0};
    KrNative key = flags & PARFOR_RANDOM ? kr_native_find("random.key") : NULL;
    loop.wanted = key && key(loop.keys) == 0;
    return loop;
}

void jit_randoms_enter(const LoopRandoms *loop, int64_t block, int64_t kept[2])
{
    if (!loop->wanted) return;
    int64_t words[] = {loop->keys[0], loop->keys[1], block, 0, 0};
    kr_native_find("random.enter")(words);
    kept[0] = words[3];
    kept[1] = words[4];
}

void jit_randoms_leave(const LoopRandoms *loop, const int64_t kept[2])
{
    int64_t words[] = {kept[0], kept[1]};
    if (loop->wanted) kr_native_find("random.leave")(words);
}
