/* signature.c: the loop that a ufunc call asks for by `signature=` or `dtype=`.
 *
 * Both fix types of operands; NULL leaves one open. A single output type alone asks for the loop of that type throughout,
 * where there is one: np.add(a, b, dtype='i4') adds int32s. Otherwise the first row counts whose types agree with those
 * that are fixed and take the others safely. */
#include "modules/numpy/ufunc_objects.h"

static const char too_exact[] =
    "The `dtype` and `signature` arguments to ufuncs only select the general DType and not "
    "details such as the byte order or time unit. You can avoid this error by using the scalar "
    "types `np.float64` or the dtype string notation.";

static int fix(Dtype **want, Value spec)
{
    *want = NULL;
    if (kr_is(spec, kr_None)) return 0;
    Dtype *d = np_dtype_parse(spec);
    if (!d) return -1;
    bool time = d->kind == 'M' || d->kind == 'm';
    if (d->swapped || (time && d->unit >= 0)) {
        kr_raise(kr_TypeError, "%s", too_exact);
        return -1;
    }
    *want = d;
    return 0;
}

static int fix_outputs(Ufunc *f, Value spec, Dtype **want)
{
    for (int i = 0; i < f->nin; i++) want[i] = NULL;
    for (int i = f->nin; i < f->nin + f->nout; i++)
        if (fix(&want[i], spec) < 0) return -1;
    return 0;
}

/* One type alone, once the way to say dtype=. */
static int fix_single(Ufunc *f, Value spec, Dtype **want)
{
    if (kr_is(spec, kr_None)) {
        kr_raise(kr_TypeError, "a single item type tuple cannot contain None.");
        return -1;
    }
    if (kr_warn(
            kr_DeprecationWarning, 1,
            "The use of a length 1 tuple for the ufunc `signature` is deprecated. Use `dtype` or "
            " fill the tuple with `None`s.") < 0)
        return -1;
    return fix_outputs(f, spec, want);
}

static int fix_tuple(Ufunc *f, Value items, Dtype **want)
{
    size_t n = kr_tuple_size(items), all = (size_t)(f->nin + f->nout);
    if (n == 1 && all != 1) return fix_single(f, kr_tuple_get(items, 0), want);
    if (n != all) {
        kr_raise(kr_ValueError, "a type-tuple must be specified of length %d for ufunc '%s'",
                 (int)all, f->name);
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (fix(&want[i], kr_tuple_get(items, i)) < 0) return -1;
    return 0;
}

/* "dd->d", or one code. */
static int fix_text(Ufunc *f, Value text, Dtype **want)
{
    size_t n = kr_str_length(text), nin = (size_t)f->nin, all = nin + (size_t)f->nout;
    if (n == 1 && all != 1) return fix_single(f, text, want);
    if (n != all + 2 || kr_str_at(text, nin) != '-' || kr_str_at(text, nin + 1) != '>') {
        kr_raise(kr_ValueError,
                 "a type-string for %s, requires %d typecode(s) before and %d after the -> sign",
                 f->name, f->nin, f->nout);
        return -1;
    }
    for (size_t i = 0; i < all; i++) {
        size_t at = i < nin ? i : i + 2;
        if (fix(&want[i], kr_str_slice(text, at, at + 1)) == 0) continue;
        if (kr_raised_is(kr_TypeError)) {
            kr_clear_exception();
            kr_raise(kr_ValueError, "signature contains an invalid type code: %R", text);
        }
        return -1;
    }
    return 0;
}

int np_signature_parse(Ufunc *f, Value signature, Value dtype, Dtype **want)
{
    if (!kr_is_empty(dtype)) return fix_outputs(f, dtype, want);
    if (kr_is_tuple(signature)) return fix_tuple(f, signature, want);
    if (kr_is_bytes(signature)) {
        signature = kr_str_decode((const char *)kr_bytes_data(signature), kr_bytes_size(signature),
                                  "ascii", NULL);
        if (kr_is_empty(signature)) return -1;
    }
    if (kr_is_str(signature)) return fix_text(f, signature, want);
    kr_raise(kr_TypeError, "the signature object to ufunc must be a string or a tuple.");
    return -1;
}

/* The row all of whose types are the one that is asked for, if it is asked for as the result's alone. */
static const NpLoopRow *row_throughout(Ufunc *f, Dtype *const *want)
{
    if (f->flags & (NP_COMPARISON | NP_LOGICAL)) return NULL;
    for (int i = 0; i < f->nin; i++)
        if (want[i]) return NULL;
    Dtype *d = want[f->nin];
    for (int i = f->nin; i < f->nin + f->nout; i++)
        if (want[i] != d) return NULL;
    for (int r = 0; d && r < f->row_count; r++) {
        bool same = true;
        for (int i = 0; same && i < f->nin + f->nout; i++)
            same = np_ufunc_code(f->rows[r].types[i])->num == d->num;
        if (same) return &f->rows[r];
    }
    return NULL;
}

/* Does the row agree with what is asked for, and take the other operands? */
static bool agrees(Ufunc *f, const NpLoopRow *row, Dtype *const *want, Dtype *const *in)
{
    for (int i = 0; i < f->nin + f->nout; i++) {
        Dtype *has = np_ufunc_code(row->types[i]);
        if (want[i] && want[i]->num != has->num) return false;
        if (!want[i] && i < f->nin && !np_ufunc_takes(in[i], row->types[i])) return false;
    }
    return true;
}

const NpLoopRow *np_signature_resolve(Ufunc *f, Dtype *const *want, Dtype *const *in, Dtype **types)
{
    const NpLoopRow *row = row_throughout(f, want);
    for (int r = 0; !row && r < f->row_count; r++)
        if (agrees(f, &f->rows[r], want, in)) row = &f->rows[r];
    if (!row) {
        kr_raise(np_ufunc_error("_UFuncNoLoopError"),
                 "No loop matching the specified signature and casting was found for "
                 "ufunc %s",
                 f->name);
        return NULL;
    }
    return np_ufunc_row_types(f, row, in, types) < 0 ? NULL : row;
}
