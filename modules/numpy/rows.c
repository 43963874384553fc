/* rows.c: lines of plain numbers, for loadtxt.
 *
 * Plain is what nearly every file has: ASCII, fields between one delimiter or blanks, decimal numbers, one text that begins
 * a comment, as many fields in each line. _numpy._rows() reads that, and answers None at the first thing it does not know
 * (nan, an underscore, a field missing, an int of 19 digits): then lib/_text.py reads the same lines the long way, which
 * has all rules and all messages.
 *
 * A decimal of up to 15 digits times or over a power of ten up to 22 is exact in one operation (Clinger 1990); strtod does
 * the others. */
#include "modules/numpy/numpy.h"

typedef struct Reader {
    const char *p, *end; /* of the line, comment cut off */
    char delimiter;      /* 0: blanks */
    bool integers;
    Value columns;       /* a tuple of ints, or None */
    int64_t width, used; /* fields in a line, and of those taken; -1 before the first */
    double *row;         /* the fields of the line; of ints the bits */
    int64_t room;
    char *out;
    int64_t count, capacity; /* elements */
} Reader;

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The number at p, that ends before `end`; the place behind it, or NULL. */
static const char *parse_float(const char *p, const char *end, double *out)
{
    const char *begin = p;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    uint64_t digits = 0;
    int count = 0, point = 0, exponent = 0;
    bool any = false;
    for (; p < end && *p >= '0' && *p <= '9'; p++, any = true)
        if (digits || *p != '0') digits = digits * 10 + (uint64_t)(*p - '0'), count++;
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, any = true, point++)
            if (digits || *p != '0') digits = digits * 10 + (uint64_t)(*p - '0'), count++;
    if (!any) return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *q = p + 1;
        bool below = q < end && *q == '-';
        if (q < end && (*q == '-' || *q == '+')) q++;
        if (q == end || *q < '0' || *q > '9') return NULL;
        for (; q < end && *q >= '0' && *q <= '9'; q++)
            if (exponent < 10000) exponent = exponent * 10 + (*q - '0');
        if (below) exponent = -exponent;
        p = q;
    }
    exponent -= point;
    if (count <= 15 && exponent >= -22 && exponent <= 22) {
        double v = (double)digits;
        v = exponent < 0 ? v / powers[-exponent] : v * powers[exponent];
        *out = negative ? -v : v;
        return p;
    }
    char text[400];
    if (p - begin >= (int64_t)sizeof text) return NULL;
    memcpy(text, begin, (size_t)(p - begin));
    text[p - begin] = 0;
    *out = strtod(text, NULL);
    return p;
}

static const char *parse_int(const char *p, const char *end, double *out)
{
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    int64_t v = 0;
    const char *begin = p;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (p - begin >= 18) return NULL;
        v = v * 10 + (*p - '0');
    }
    if (p == begin) return NULL;
    if (negative) v = -v;
    memcpy(out, &v, sizeof v);
    return p;
}

static bool grow(void *block, int64_t wanted, int64_t *capacity)
{
    if (wanted <= *capacity) return true;
    int64_t more = wanted + *capacity;
    void *grown = realloc(*(void **)block, (size_t)more * sizeof(double));
    if (!grown) return false;
    *(void **)block = grown;
    *capacity = more;
    return true;
}

/* The numbers of one line into r->row; how many, or -1: not plain. */
static int64_t read_fields(Reader *r)
{
    const char *p = r->p;
    int64_t n = 0;
    for (;;) {
        while (p < r->end && is_blank(*p) && *p != r->delimiter) p++;
        if (p == r->end) return r->delimiter && n ? -1 : n;
        if (!grow(&r->row, n + 1, &r->room)) return -1;
        p = (r->integers ? parse_int : parse_float)(p, r->end, &r->row[n]);
        if (!p) return -1;
        n++;
        const char *behind = p;
        while (p < r->end && is_blank(*p) && *p != r->delimiter) p++;
        if (p == r->end) return n;
        if (r->delimiter ? *p++ != r->delimiter : behind == p) return -1;
    }
}

static bool keep_row(Reader *r, int64_t n)
{
    bool all = kr_is(r->columns, kr_None);
    if (r->width < 0) {
        r->width = n;
        r->used = all ? n : (int64_t)kr_tuple_size(r->columns);
    }
    if (n != r->width || !grow(&r->out, r->count + r->used, &r->capacity)) return false;
    double *to = (double *)r->out + r->count;
    for (int64_t i = 0; i < r->used; i++) {
        int64_t k = i;
        if (!all && kr_to_int64(kr_tuple_get(r->columns, (size_t)i), &k) < 0) return false;
        if (k < 0) k += n;
        if (k < 0 || k >= n) return false;
        to[i] = r->row[k];
    }
    r->count += r->used;
    return true;
}

/* Cuts the comment off. */
static void set_line(Reader *r, const char *line, size_t n, const char *comment, size_t comment_size)
{
    r->p = line;
    r->end = line + n;
    const char *found = comment_size ? memmem(line, n, comment, comment_size) : NULL;
    if (found) r->end = found;
}

KR_FN(rows, rows_read, "_rows", "(lines, delimiter, comment, columns, integers, max_rows, /)",
      "The numbers of a list of lines: (flat array, fields a line), or None.")
{
    size_t comment_size = 0;
    const char *comment = kr_is_str(a[2]) ? kr_str_utf8(a[2], &comment_size) : "";
    Reader r = {.integers = kr_truth(a[4]) == 1, .columns = a[3], .width = -1};
    if (kr_is_str(a[1])) r.delimiter = *kr_str_utf8(a[1], NULL);
    int64_t most = INT64_MAX, rows = 0;
    if (!kr_is(a[5], kr_None) && kr_to_int64(a[5], &most) < 0) return EMPTY;
    bool plain = true;
    for (size_t i = 0; plain && rows < most && i < kr_list_size(a[0]); i++) {
        Value line = kr_list_get(a[0], i);
        size_t n;
        if (!kr_is_str(line) || !kr_str_is_ascii(line)) {
            plain = false;
            break;
        }
        const char *text = kr_str_utf8(line, &n);
        set_line(&r, text, n, comment, comment_size);
        int64_t fields = read_fields(&r);
        if (fields == 0) {
            /* With a delimiter a line of blanks is a field that is no number. */
            plain = !r.delimiter || r.p == r.end || *r.p == '\n' || *r.p == '\r';
            continue;
        }
        plain = fields > 0 && keep_row(&r, fields);
        rows++;
    }
    NdArray *y = plain && rows ? np_new_1d(r.integers ? KR_I64 : KR_F64, r.count) : NULL;
    if (y && r.count) memcpy(y->a.data, r.out, (size_t)r.count * sizeof(double));
    free(r.out);
    free(r.row);
    if (kr_raised()) return EMPTY;
    return y ? kr_tuple_of(2, np_value(y), kr_int(r.used)) : kr_None;
}

#include "modules/numpy/rows.entries.h"

int np_rows_init(Value module) { return np_add_functions(module, rows_functions); }
