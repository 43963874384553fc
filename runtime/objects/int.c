/* int.c: the representation of ints and their arithmetic. Division, powers and shifts are in
 * int_math.c, text in int_text.c, the type and its methods in int_type.c.
 *
 * Every operation takes ints of any kind (immediate, bool, heap, subclass) and returns an exact
 * int: an immediate if it fits in 50 bits, else an Int of GMP limbs. Heap results are allocated at
 * their largest possible size and cut: at most one limb is wasted. */
#include "runtime/objects/int.h"

#include <gmp.h>

#include "runtime/objects/hash.h"
#include "runtime/objects/quick.h"

_Static_assert(sizeof(mp_limb_t) == 8, "limbs are 64 bits");
#define INT_MAX_LIMBS ((size_t)1 << 32)

Int *kr_int_alloc(size_t limbs)
{
    if (UNLIKELY(limbs > INT_MAX_LIMBS)) {
        kr_raise_no_memory();
        return NULL;
    }
    return heap_alloc(&kr_int_type, sizeof(Int) + limbs * sizeof(uint64_t));
}

Value kr_int_normal(Int *x, size_t limbs, bool negative)
{
    while (limbs > 0 && x->limbs[limbs - 1] == 0) limbs--;
    if (limbs <= 1) {
        uint64_t low = limbs ? x->limbs[0] : 0;
        if (low <= (uint64_t)INT_MAX_IMMEDIATE + negative)
            return from_small_int(negative ? -(int64_t)low : (int64_t)low);
    }
    x->size = negative ? -(int64_t)limbs : (int64_t)limbs;
    return from_object(x);
}

void kr_int_view(Value v, IntView *view)
{
    if (is_object(v)) {
        Int *x = object_of(v);
        view->limbs = x->limbs;
        view->n = x->size < 0 ? -x->size : x->size;
        view->negative = x->size < 0;
        return;
    }
    int64_t x = is_int(v) ? int_of(v) : is_true(v);
    view->small = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    view->limbs = &view->small;
    view->n = x != 0;
    view->negative = x < 0;
}

static Value from_magnitude(uint64_t low, bool negative)
{
    if (low <= (uint64_t)INT_MAX_IMMEDIATE + negative)
        return from_small_int(negative ? (int64_t)(0 - low) : (int64_t)low);
    Int *x = kr_int_alloc(1);
    if (!x) return EMPTY;
    x->limbs[0] = low;
    x->size = negative ? -1 : 1;
    return from_object(x);
}

Value kr_int(int64_t x)
{
    if (LIKELY(fits_int(x))) return from_small_int(x);
    return from_magnitude(x < 0 ? 0 - (uint64_t)x : (uint64_t)x, x < 0);
}

Value kr_int_unsigned(uint64_t x) { return from_magnitude(x, false); }

Value kr_int_from_i128(__int128 x)
{
    bool negative = x < 0;
    unsigned __int128 m = negative ? 0 - (unsigned __int128)x : (unsigned __int128)x;
    if (!(m >> 64)) return from_magnitude((uint64_t)m, negative);
    Int *r = kr_int_alloc(2);
    if (!r) return EMPTY;
    r->limbs[0] = (uint64_t)m;
    r->limbs[1] = (uint64_t)(m >> 64);
    return kr_int_normal(r, 2, negative);
}

Value kr_int_exact(Value v)
{
    if (is_int(v) || is_exact(v, &kr_int_type)) return v;
    if (is_bool(v)) return from_small_int(is_true(v));
    IntView view;
    kr_int_view(v, &view);
    if (view.n <= 1) return from_magnitude(view.n ? view.limbs[0] : 0, view.negative);
    Int *x = kr_int_alloc((size_t)view.n);
    if (!x) return EMPTY;
    memcpy(x->limbs, view.limbs, (size_t)view.n * sizeof(uint64_t));
    return kr_int_normal(x, (size_t)view.n, view.negative);
}

bool kr_int_fits(Value v, int64_t *out)
{
    if (LIKELY(is_int(v))) {
        *out = int_of(v);
        return true;
    }
    IntView view;
    kr_int_view(v, &view);
    if (view.n > 1) return false;
    uint64_t low = view.n ? view.limbs[0] : 0;
    if (low > (uint64_t)INT64_MAX + view.negative) return false;
    *out = view.negative ? (int64_t)(0 - low) : (int64_t)low;
    return true;
}

bool kr_is_int(Value v) { return is_any_int(v); }
bool kr_is_int_exact(Value v) { return is_int(v) || is_exact(v, &kr_int_type); }

int kr_int_sign(Value v)
{
    if (is_int(v)) return int_of(v) < 0 ? -1 : int_of(v) > 0;
    IntView view;
    kr_int_view(v, &view);
    return view.n == 0 ? 0 : view.negative ? -1 : 1;
}

size_t kr_int_bit_length(Value v)
{
    IntView view;
    kr_int_view(v, &view);
    if (!view.n) return 0;
    return (size_t)view.n * 64 - (size_t)__builtin_clzll(view.limbs[view.n - 1]);
}

uint64_t kr_int_low_bits(Value v)
{
    IntView view;
    kr_int_view(v, &view);
    uint64_t low = view.n ? view.limbs[0] : 0;
    return view.negative ? 0 - low : low;
}

int64_t kr_int_hash(Value v)
{
    IntView view;
    kr_int_view(v, &view);
    return kr_hash_limbs(view.limbs, (size_t)view.n, view.negative);
}

/* ---- Comparison ---- */

static int compare_magnitudes(const IntView *a, const IntView *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    return a->n ? mpn_cmp(a->limbs, b->limbs, a->n) : 0;
}

int kr_int_compare(Value a, Value b)
{
    if (both_int(a, b)) return int_of(a) < int_of(b) ? -1 : int_of(a) > int_of(b);
    IntView x, y;
    kr_int_view(a, &x);
    kr_int_view(b, &y);
    if (x.negative != y.negative) return x.negative ? -1 : 1;
    int order = compare_magnitudes(&x, &y);
    order = order < 0 ? -1 : order > 0;
    return x.negative ? -order : order;
}

/* ---- Sums and products ---- */

/* |x| + |y| or |x| - |y|, with the sign of x for |x| >= |y|. */
static Value add_views(const IntView *x, const IntView *y, bool y_negative)
{
    if (x->n < y->n || (x->negative != y_negative && compare_magnitudes(x, y) < 0)) {
        IntView t = *y;
        t.negative = y_negative;
        if (y->limbs == &y->small) t.limbs = &t.small;
        return add_views(&t, x, x->negative);
    }
    if (y->n == 0) {
        Int *r = kr_int_alloc((size_t)x->n);
        if (!r) return EMPTY;
        memcpy(r->limbs, x->limbs, (size_t)x->n * sizeof(uint64_t));
        return kr_int_normal(r, (size_t)x->n, x->negative);
    }
    size_t n = (size_t)x->n;
    Int *r = kr_int_alloc(n + 1);
    if (!r) return EMPTY;
    if (x->negative == y_negative)
        r->limbs[n] = mpn_add(r->limbs, x->limbs, x->n, y->limbs, y->n);
    else
        mpn_sub(r->limbs, x->limbs, x->n, y->limbs, y->n);
    return kr_int_normal(r, n + 1, x->negative);
}

Value kr_int_add(Value a, Value b)
{
    if (LIKELY(both_int(a, b))) return kr_int(int_of(a) + int_of(b));
    IntView x, y;
    kr_int_view(a, &x);
    kr_int_view(b, &y);
    return add_views(&x, &y, y.negative);
}

Value kr_int_sub(Value a, Value b)
{
    if (LIKELY(both_int(a, b))) return kr_int(int_of(a) - int_of(b));
    IntView x, y;
    kr_int_view(a, &x);
    kr_int_view(b, &y);
    return add_views(&x, &y, !y.negative);
}

Value kr_int_mul(Value a, Value b)
{
    if (LIKELY(both_int(a, b))) return kr_int_from_i128((__int128)int_of(a) * int_of(b));
    IntView x, y;
    kr_int_view(a, &x);
    kr_int_view(b, &y);
    if (!x.n || !y.n) return from_small_int(0);
    Int *r = kr_int_alloc((size_t)(x.n + y.n));
    if (!r) return EMPTY;
    if (x.limbs == y.limbs && x.n == y.n)
        mpn_sqr(r->limbs, x.limbs, x.n);
    else if (x.n >= y.n)
        mpn_mul(r->limbs, x.limbs, x.n, y.limbs, y.n);
    else
        mpn_mul(r->limbs, y.limbs, y.n, x.limbs, x.n);
    return kr_int_normal(r, (size_t)(x.n + y.n), x.negative != y.negative);
}

Value kr_int_negate(Value v)
{
    if (is_int(v)) return kr_int(-int_of(v));
    IntView x;
    kr_int_view(v, &x);
    Int *r = kr_int_alloc((size_t)x.n);
    if (!r) return EMPTY;
    if (x.n) memcpy(r->limbs, x.limbs, (size_t)x.n * sizeof(uint64_t));
    return kr_int_normal(r, (size_t)x.n, !x.negative && x.n);
}

Value kr_int_abs(Value v) { return kr_int_sign(v) < 0 ? kr_int_negate(v) : kr_int_exact(v); }

Value kr_int_invert(Value v)
{
    if (is_int(v)) return from_small_int(~int_of(v));
    return kr_int_sub(kr_int_negate(v), from_small_int(1));
}

/* ---- Conversion to C numbers ---- */

/* The int behind v through __index__; EMPTY raised. */
static Value as_int(Value v) { return LIKELY(is_any_int(v)) ? v : kr_index(v); }

int kr_to_int64(Value v, int64_t *out)
{
    if (is_empty(v = as_int(v))) return -1;
    if (LIKELY(kr_int_fits(v, out))) return 0;
    kr_raise(kr_OverflowError, "Python int too large to convert to C long");
    return -1;
}

int kr_to_uint64(Value v, uint64_t *out)
{
    if (is_empty(v = as_int(v))) return -1;
    IntView x;
    kr_int_view(v, &x);
    if (x.negative) {
        kr_raise(kr_OverflowError, "can't convert negative value to unsigned int");
        return -1;
    }
    if (x.n > 1) {
        kr_raise(kr_OverflowError, "Python int too large to convert to C unsigned long");
        return -1;
    }
    *out = x.n ? x.limbs[0] : 0;
    return 0;
}

int kr_to_int32(Value v, int *out)
{
    int64_t x;
    if (is_empty(v = as_int(v))) return -1;
    if (!kr_int_fits(v, &x)) {
        kr_raise(kr_OverflowError, "Python int too large to convert to C long");
        return -1;
    }
    if (x != (int)x) {
        kr_raise(kr_OverflowError, x < 0 ? "signed integer is less than minimum"
                                         : "signed integer is greater than maximum");
        return -1;
    }
    *out = (int)x;
    return 0;
}

int kr_to_index(Value v, int64_t *out)
{
    Value x = as_int(v);
    if (is_empty(x)) return -1;
    if (LIKELY(kr_int_fits(x, out))) return 0;
    kr_raise(kr_IndexError, "cannot fit '%T' into an index-sized integer", v);
    return -1;
}

int kr_to_index_clamped(Value v, int64_t *out)
{
    if (is_empty(v = as_int(v))) return -1;
    if (!kr_int_fits(v, out)) *out = kr_int_sign(v) < 0 ? INT64_MIN : INT64_MAX;
    return 0;
}

/* ---- Bytes ---- */

Value kr_int_from_bytes(const uint8_t *bytes, size_t size, bool little, bool is_signed)
{
    size_t n = (size + 7) / 8;
    if (n == 0) return from_small_int(0);
    Int *x = kr_int_alloc(n);
    if (!x) return EMPTY;
    for (size_t i = 0; i < size; i++) {
        uint64_t b = bytes[little ? i : size - 1 - i];
        x->limbs[i / 8] |= b << (i % 8 * 8);
    }
    bool negative = is_signed && (bytes[little ? size - 1 : 0] & 0x80);
    if (negative) {
        /* 2^(8 size) minus the value */
        if (size % 8) x->limbs[n - 1] |= ~UINT64_C(0) << (size % 8 * 8);
        mpn_neg(x->limbs, x->limbs, (mp_size_t)n);
    }
    return kr_int_normal(x, n, negative);
}

int kr_int_to_bytes(Value v, uint8_t *bytes, size_t size, bool little, bool is_signed)
{
    IntView x;
    kr_int_view(v, &x);
    if (x.negative && !is_signed) {
        kr_raise(kr_OverflowError, "can't convert negative int to unsigned");
        return -1;
    }
    size_t bits = x.n ? (size_t)x.n * 64 - (size_t)__builtin_clzll(x.limbs[x.n - 1]) : 0;
    bool fits = bits <= size * 8;
    if (is_signed && bits && bits >= size * 8) {
        /* Only -2^(8 size - 1) uses the top bit. */
        fits = x.negative && bits == size * 8 && mpn_scan1(x.limbs, 0) == (mp_bitcnt_t)bits - 1;
    }
    if (!fits) {
        kr_raise(kr_OverflowError, "int too big to convert");
        return -1;
    }
    uint64_t carry = x.negative;
    for (size_t i = 0; i < size; i++) {
        uint64_t b = (int64_t)(i / 8) < x.n ? x.limbs[i / 8] >> (i % 8 * 8) & 0xFF : 0;
        if (x.negative) {
            b = (~b & 0xFF) + carry;
            carry = b >> 8;
        }
        bytes[little ? i : size - 1 - i] = (uint8_t)b;
    }
    return 0;
}
