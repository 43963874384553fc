/* progress.c: bars of parallel loops, for i in tqdm(prange(n)).
 *
 *     blocks ----- done += iterations -----> Progress <----- every 0.1 s ----- renderer ----> standard error
 *
 * The loop pays one addition a block. A thread of the runtime draws the open bars, each on a line of its own, and ends with
 * the last one; it touches no Python object. The line is tqdm's. */
#include "jit/run/progress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { INTERVAL_NS = 100000000, LINE = 600 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t closed = PTHREAD_COND_INITIALIZER;
static Progress *bars;
static bool running;
static pid_t owner; /* a child made by fork() has no renderer */

static double since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static void say_time(double seconds, char *out, size_t size)
{
    int64_t s = (int64_t)seconds;
    if (s >= 3600)
        snprintf(out, size, "%d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    else
        snprintf(out, size, "%02d:%02d", (int)(s / 60), (int)(s % 60));
}

/* `width` characters of UTF-8: eighths of a block. */
static size_t say_bar(double fraction, int width, char *out)
{
    char *at = out;
    int eighths = (int)(fraction * width * 8);
    for (int i = 0; i < width; i++, eighths -= 8) {
        if (eighths <= 0) {
            *at++ = ' ';
            continue;
        }
        int part = eighths < 8 ? eighths : 8;
        *at++ = '\xe2';
        *at++ = '\x96';
        *at++ = (char)(0x90 - part); /* U+2588 is full, U+258F an eighth */
    }
    return (size_t)(at - out);
}

static size_t say_line(const Progress *p, char *out)
{
    char left[16], right[160], elapsed[24], remaining[24] = "?", rate[40] = "?it/s";
    int64_t done = atomic_load_explicit(&p->done, memory_order_relaxed);
    double seconds = since(&p->start), fraction = p->total ? (double)done / (double)p->total : 1;
    double speed = seconds > 0 ? (double)done / seconds : 0;
    say_time(seconds, elapsed, sizeof elapsed);
    if (speed > 0) {
        say_time((double)(p->total - done) / speed, remaining, sizeof remaining);
        if (speed >= 1)
            snprintf(rate, sizeof rate, "%.2fit/s", speed);
        else
            snprintf(rate, sizeof rate, "%.2fs/it", 1 / speed);
    }
    snprintf(left, sizeof left, "%3d%%|", (int)(100 * fraction));
    snprintf(right, sizeof right, "| %lld/%lld [%s<%s, %s]", (long long)done, (long long)p->total,
             elapsed, remaining, rate);
    struct winsize window;
    int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col - 1 : 0;
    int width = columns - (int)strlen(left) - (int)strlen(right);
    if (columns <= 0) width = 10;
    if (width < 1) width = 1;
    if (width > 120) width = 120;
    size_t n = (size_t)sprintf(out, "%s", left);
    n += say_bar(fraction, width, out + n);
    return n + (size_t)sprintf(out + n, "%s", right);
}

static void put(const char *text, size_t n)
{
    while (n) {
        ssize_t written = write(STDERR_FILENO, text, n);
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text += written, n -= (size_t)written;
    }
}

/* With the mutex held. Bars further down stand on lines below. */
static void draw(const Progress *p, bool last)
{
    char line[LINE + 80];
    size_t n = 0;
    int down = p->line < 10 ? p->line : 10;
    for (int i = 0; i < down; i++) line[n++] = '\n';
    line[n++] = '\r';
    n += say_line(p, line + n);
    for (int i = 0; i < down; i++) n += (size_t)sprintf(line + n, "\033[A");
    if (last && !down) line[n++] = '\n';
    put(line, n);
}

static void *renderer(void *nothing)
{
    pthread_mutex_lock(&mutex);
    while (bars) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_nsec += INTERVAL_NS;
        if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
        int status = pthread_cond_timedwait(&closed, &mutex, &t);
        for (Progress *p = bars; p && status == ETIMEDOUT; p = p->next) draw(p, false);
    }
    running = false;
    pthread_mutex_unlock(&mutex);
    return nothing;
}

static void start_renderer(void)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    running = pthread_create(&thread, NULL, renderer, NULL) == 0;
    if (running) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void jit_progress_open(Progress *p, int64_t total)
{
    memset(p, 0, sizeof *p);
    p->total = total;
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    pthread_mutex_lock(&mutex);
    if (owner != getpid()) {
        bars = NULL;
        running = false;
        owner = getpid();
    }
    for (Progress *other = bars; other; other = other->next)
        if (other->line >= p->line) p->line = other->line + 1;
    p->next = bars;
    bars = p;
    draw(p, false);
    if (!running) start_renderer();
    pthread_mutex_unlock(&mutex);
}

void jit_progress_close(Progress *p)
{
    pthread_mutex_lock(&mutex);
    draw(p, true);
    Progress **link = &bars;
    while (*link && *link != p) link = &(*link)->next;
    if (*link) *link = p->next;
    if (!bars) pthread_cond_signal(&closed);
    pthread_mutex_unlock(&mutex);
}
