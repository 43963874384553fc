/* termios.c: the termios module: terminals. */
#include <termios.h>
#include <sys/ioctl.h>

#include "modules/support.h"

static KrValue error_class;

static KrValue fail(void)
{
    int error = errno;
    KrValue exception = kr_call2(error_class, kr_int(error), kr_str(strerror(error)));
    return kr_is_empty(exception) ? KR_EMPTY : kr_raise_value(exception);
}

KR_FN(termios, termios_tcgetattr, "tcgetattr", "(fd, /)",
      "Get the tty attributes for file descriptor fd.\n\nReturns a list [iflag, oflag, cflag, "
      "lflag, ispeed, ospeed, cc]\nwhere cc is a list of "
      "the tty special characters (each a string of\nlength 1, except the items with indices VMIN "
      "and VTIME, which are\nintegers when these fields "
      "are defined).  The interpretation of the\nflags and the speeds as well as the indexing in "
      "the cc array must be\ndone using the symbolic "
      "constants defined in this module.")
{
    struct termios t;
    int fd = descriptor_of(a[0]);
    if (fd < 0) return KR_EMPTY;
    if (tcgetattr(fd, &t) < 0) return fail();
    KrValue cc[NCCS];
    for (int i = 0; i < NCCS; i++) {
        cc[i] = kr_bytes(&t.c_cc[i], 1);
        if (!(t.c_lflag & ICANON) && (i == VMIN || i == VTIME)) cc[i] = kr_int(t.c_cc[i]);
        if (kr_is_empty(cc[i])) return KR_EMPTY;
    }
    KrValue items[] = {kr_int(t.c_iflag), kr_int(t.c_oflag),       kr_int(t.c_cflag),
                       kr_int(t.c_lflag), kr_int(cfgetispeed(&t)), kr_int(cfgetospeed(&t)),
                       kr_list(cc, NCCS)};
    return kr_list(items, 7);
}

KR_FN(termios, termios_tcsetattr, "tcsetattr", "(fd, when, attributes, /)",
      "Set the tty attributes for file descriptor fd.\n\nThe attributes to be set are taken from "
      "the attributes argument, which\nis a list like the "
      "one returned by tcgetattr(). The when argument\ndetermines when the attributes are changed: "
      "termios.TCSANOW to\nchange immediately, "
      "termios.TCSADRAIN to change after transmitting all\nqueued output, or termios.TCSAFLUSH to "
      "change after transmitting all\nqueued output and "
      "discarding all queued input.")
{
    struct termios t;
    int fd = descriptor_of(a[0]), when;
    if (fd < 0 || kr_to_int32(a[1], &when) < 0) return KR_EMPTY;
    if (!kr_is_list(a[2]) || kr_list_size(a[2]) != 7)
        return kr_raise(kr_TypeError, "tcsetattr, arg 3: must be 7 element list");
    if (tcgetattr(fd, &t) < 0) return fail();
    int64_t flags[6];
    for (size_t i = 0; i < 6; i++)
        if (kr_to_int64(kr_list_get(a[2], i), &flags[i]) < 0) return KR_EMPTY;
    KrValue cc = kr_list_get(a[2], 6);
    if (!kr_is_list(cc) || kr_list_size(cc) != NCCS)
        return kr_raise(kr_TypeError, "tcsetattr: attributes[6] must be %d element list", NCCS);
    for (size_t i = 0; i < NCCS; i++) {
        KrValue v = kr_list_get(cc, i);
        int64_t n;
        if (kr_is_bytes(v) && kr_bytes_size(v) == 1)
            t.c_cc[i] = kr_bytes_data(v)[0];
        else if (!kr_is_int(v))
            return kr_raise(kr_TypeError,
                            "tcsetattr: elements of attributes must be characters or integers");
        else if (kr_to_int64(v, &n) < 0)
            return KR_EMPTY;
        else
            t.c_cc[i] = (cc_t)n;
    }
    t.c_iflag = (tcflag_t)flags[0], t.c_oflag = (tcflag_t)flags[1], t.c_cflag = (tcflag_t)flags[2],
    t.c_lflag = (tcflag_t)flags[3];
    if (cfsetispeed(&t, (speed_t)flags[4]) < 0 || cfsetospeed(&t, (speed_t)flags[5]) < 0)
        return fail();
    kr_detach();
    int status = tcsetattr(fd, when, &t), error = errno;
    kr_attach();
    errno = error;
    return status < 0 ? fail() : kr_None;
}

/* The functions of a descriptor and perhaps a number, run detached. */
static KrValue simple(const KrValue *a, int (*function)(int, int), bool has_number)
{
    int fd = descriptor_of(a[0]), number = 0;
    if (fd < 0 || (has_number && kr_to_int32(a[1], &number) < 0)) return KR_EMPTY;
    kr_detach();
    int status = function(fd, number), error = errno;
    kr_attach();
    errno = error;
    return status < 0 ? fail() : kr_None;
}
static int drain(int fd, KR_UNUSED int number) { return tcdrain(fd); }
KR_FN(termios, termios_tcsendbreak, "tcsendbreak", "(fd, duration, /)",
      "Send a break on file descriptor fd.\n\nA zero duration sends a break for 0.25-0.5 seconds; "
      "a nonzero duration\nhas a system dependent meaning.")
{
    return simple(a, tcsendbreak, true);
}
KR_FN(termios, termios_tcdrain, "tcdrain", "(fd, /)",
      "Wait until all output written to file descriptor fd has been transmitted.")
{
    return simple(a, drain, false);
}
KR_FN(termios, termios_tcflush, "tcflush", "(fd, queue, /)",
      "Discard queued data on file descriptor fd.\n\nThe queue selector specifies which queue: "
      "termios.TCIFLUSH for the input\nqueue, termios.TCOFLUSH for the output queue, or "
      "termios.TCIOFLUSH for\nboth queues.")
{
    return simple(a, tcflush, true);
}
KR_FN(termios, termios_tcflow, "tcflow", "(fd, action, /)",
      "Suspend or resume input or output on file descriptor fd.\n\nThe action argument can be "
      "termios.TCOOFF to suspend output,\ntermios.TCOON to restart output, termios.TCIOFF to "
      "suspend input,\nor termios.TCION to restart input.")
{
    return simple(a, tcflow, true);
}

KR_FN(termios, termios_tcgetwinsize, "tcgetwinsize", "(fd, /)",
      "Get the tty winsize for file descriptor fd.\n\nReturns a tuple (ws_row, ws_col).")
{
    struct winsize w;
    int fd = descriptor_of(a[0]);
    if (fd < 0) return KR_EMPTY;
    return ioctl(fd, TIOCGWINSZ, &w) < 0 ? fail()
                                         : kr_tuple_of(2, kr_int(w.ws_row), kr_int(w.ws_col));
}
KR_FN(termios, termios_tcsetwinsize, "tcsetwinsize", "(fd, winsize, /)",
      "Set the tty winsize for file descriptor fd.\n\nThe winsize to be set is taken from the "
      "winsize argument, which\nis a two-item tuple (ws_row, ws_col) like the one returned by "
      "tcgetwinsize().")
{
    struct winsize w;
    int64_t size[2];
    int fd = descriptor_of(a[0]);
    if (fd < 0) return KR_EMPTY;
    KrValue pair = kr_tuple_from(a[1]);
    if (kr_is_empty(pair)) return KR_EMPTY;
    if (kr_tuple_size(pair) != 2)
        return kr_raise(kr_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
    for (size_t i = 0; i < 2; i++) {
        if (kr_to_int64(kr_tuple_get(pair, i), &size[i]) < 0) return KR_EMPTY;
        if (size[i] < 0 || size[i] > UINT16_MAX)
            return kr_raise(kr_OverflowError, "winsize value(s) out of range.");
    }
    if (ioctl(fd, TIOCGWINSZ, &w) < 0) return fail();
    w.ws_row = (unsigned short)size[0], w.ws_col = (unsigned short)size[1];
    return ioctl(fd, TIOCSWINSZ, &w) < 0 ? fail() : kr_None;
}

#include "modules/termios.entries.h"

static int termios_exec(KrValue module)
{
#define C(name) {#name, (int64_t)(name)},
    static const IntConstant constants[] = {
#include "modules/termios_constants.def"
        {NULL, 0}};
#undef C
    return add_exception(module, "termios", "error", kr_Exception, &error_class)
               ? add_constants(module, constants)
               : -1;
}

KR_MODULE(termios) = {
    .api_version = KR_API_VERSION,
    .name = "termios",
    .doc = "This module provides an interface to the Posix calls for tty I/O control.\n\nFor a "
           "complete description of these calls, see the Posix "
           "or Unix manual\npages. It is only available for those Unix versions that support "
           "Posix\ntermios style tty I/O control (and then only if "
           "configured at installation\ntime).\n\nAll functions in this module take a file "
           "descriptor fd as their first\nargument. This can be an "
           "integer file descriptor, such as returned by\nsys.stdin.fileno(), or a file object, "
           "such as sys.stdin itself.",
    .functions = termios_functions,
    .exec = termios_exec,
};
