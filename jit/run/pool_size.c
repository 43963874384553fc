/* pool_size.c: how many threads the pool has.
 *
 * A process may run on the processors of its affinity mask; a container's quota (cgroup v2: cpu.max, v1: cpu.cfs_quota_us)
 * gives it the time of so many of them. Threads beyond that would only take turns. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/run/pool.h"

static int number_in(const char *name)
{
    const char *text = getenv(name);
    long n = text ? strtol(text, NULL, 10) : 0;
    return n < 1 ? 0 : n > POOL_THREADS_MAX ? POOL_THREADS_MAX : (int)n;
}

/* The mask grows until the kernel's fits. */
static int affinity(void)
{
    for (int room = 1024; room <= 1 << 20; room *= 4) {
        cpu_set_t *set = CPU_ALLOC((size_t)room);
        if (!set) return 1;
        size_t size = CPU_ALLOC_SIZE((size_t)room);
        int n = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (n) return n;
    }
    return 1;
}

/* Two numbers of a file, "max" or a missing one as -1; false if it is not there. */
static int read_two(const char *path, double *a, double *b)
{
    char text[64] = "";
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    *a = *b = -1;
    if (strncmp(text, "max", 3) == 0) return 1;
    return sscanf(text, "%lf %lf", a, b) >= 1;
}

/* The tightest quota of the group and those around it, in processors; 0: none. */
static double quota_up(const char *root, const char *group, int v2)
{
    char folder[512], path[600];
    double least = 0, quota, period, unused;
    snprintf(folder, sizeof folder, "%s%s", root, group);
    for (size_t end = strlen(folder); end >= strlen(root); end--) {
        if (folder[end] != '/' && folder[end] != '\0') continue;
        folder[end] = '\0';
        if (v2) {
            snprintf(path, sizeof path, "%s/cpu.max", folder);
            if (!read_two(path, &quota, &period)) continue;
        } else {
            snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
            if (!read_two(path, &quota, &unused)) continue;
            snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
            if (!read_two(path, &period, &unused)) continue;
        }
        if (quota > 0 && period > 0 && (!least || quota / period < least)) least = quota / period;
    }
    return least;
}

static double quota(void)
{
    char line[512];
    double least = 0;
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(line, sizeof line, file)) {
        char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;
        if (!group) continue;
        *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        int v2 = names[1] == '\0';
        if (!v2 && !strstr(names + 1, "cpu")) continue;
        double q = quota_up(v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu", group, v2);
        if (q > 0 && (!least || q < least)) least = q;
    }
    if (file) fclose(file);
    return least;
}

int jit_pool_default_threads(void)
{
    int n = number_in("KRAIT_NUM_THREADS");
    if (!n) n = number_in("NUMBA_NUM_THREADS");
    if (n) return n;
    n = affinity();
    double allowed = quota();
    int whole = (int)allowed + (allowed > (int)allowed);
    if (allowed > 0 && whole < n) n = whole;
    return n < 1 ? 1 : n;
}
