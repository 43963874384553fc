/* format.c: Decimal.__format__: a specification is read, the number rounded to what it asks for,
 * split into parts, grouped and padded. */
#include "modules/_decimal/decimal.h"

typedef struct Spec {
    uint32_t fill; /* a code point */
    char align;    /* < > = ^ */
    char sign;     /* - + space */
    char type;     /* e E f F g G % n, 0 for none */
    bool no_minus_zero;
    bool pad_zeros;
    int64_t width, precision; /* precision -1: none */
    KrValue point, separator; /* str */
    const uint8_t *grouping;  /* sizes of the groups, as localeconv() gives them; NULL: none */
    uint8_t sizes[16];
} Spec;

/* ---- Reading the specification -------------------------------------------------------------- */

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

typedef struct Cursor {
    KrValue text;
    size_t at, size;
} Cursor;
static uint32_t peek(const Cursor *c, size_t ahead)
{
    return c->at + ahead < c->size ? kr_str_at(c->text, c->at + ahead) : 0;
}
static bool take(Cursor *c, uint32_t wanted)
{
    bool found = peek(c, 0) == wanted && wanted;
    c->at += found;
    return found;
}
/* Digits; false if there are too many. */
static bool take_number(Cursor *c, int64_t *n)
{
    const int64_t most = INT64_C(1) << 40;
    for (*n = 0; peek(c, 0) >= '0' && peek(c, 0) <= '9'; c->at++) {
        *n = *n * 10 + (peek(c, 0) - '0');
        if (*n > most) return false;
    }
    return true;
}

/* False if it is none of the mini-language. */
static bool read_spec(Spec *spec, KrValue text)
{
    Cursor c = {text, 0, kr_str_length(text)};
    bool aligned = false;
    *spec = (Spec){.fill = ' ', .align = '>', .sign = '-', .precision = -1};
    if (is_align(peek(&c, 1))) {
        spec->fill = peek(&c, 0);
        spec->align = (char)peek(&c, 1);
        aligned = true;
        c.at += 2;
    } else if (is_align(peek(&c, 0))) {
        spec->align = (char)peek(&c, 0);
        aligned = true;
        c.at++;
    }
    if (peek(&c, 0) == '-' || peek(&c, 0) == '+' || peek(&c, 0) == ' ')
        spec->sign = (char)peek(&c, 0), c.at++;
    spec->no_minus_zero = take(&c, 'z');
    if (take(&c, '0')) {
        if (aligned) return false;
        spec->pad_zeros = true;
        spec->fill = '0';
        spec->align = '=';
    }
    if (!take_number(&c, &spec->width)) return false;
    bool commas = take(&c, ',');
    if (take(&c, '.')) {
        if (peek(&c, 0) < '0' || peek(&c, 0) > '9' || !take_number(&c, &spec->precision))
            return false;
    }
    uint32_t type = peek(&c, 0);
    if (type) {
        if (type > 127 || !strchr("eEfFgG%nN", (int)type)) return false;
        spec->type = (char)type;
        c.at++;
    }
    if (c.at < c.size || (commas && (type == 'n' || type == 'N'))) return false;
    spec->point = kr_str(".");
    spec->separator = kr_str(commas ? "," : "");
    spec->sizes[0] = 3;
    if (commas) spec->grouping = spec->sizes;
    return true;
}

/* Group sizes, as a list of ints or as a str of characters; the entry after the last is 0. -1
 * raised. */
static int read_grouping(Spec *spec, KrValue v)
{
    KrValue items = kr_list_from(v);
    if (kr_is_empty(items)) return -1;
    size_t n = kr_list_size(items);
    memset(spec->sizes, 0, sizeof spec->sizes);
    for (size_t i = 0; i < n && i + 1 < sizeof spec->sizes; i++) {
        KrValue item = kr_list_get(items, i);
        int64_t size;
        if (kr_is_str(item) && kr_str_length(item) == 1)
            size = kr_str_at(item, 0);
        else if (kr_to_int64(item, &size) < 0)
            return -1;
        if (size < 0 || size > 127) {
            kr_raise(kr_ValueError, "invalid override dict");
            return -1;
        }
        spec->sizes[i] = (uint8_t)size;
    }
    spec->grouping = spec->sizes[0] ? spec->sizes : NULL;
    return 0;
}

/* Point, separator, grouping from a dict like localeconv()'s; what is absent stays. -1 raised. */
static int take_convention(Spec *spec, KrValue dict)
{
    static const char *const names[] = {"decimal_point", "thousands_sep", "grouping"};
    for (int i = 0; i < 3; i++) {
        KrValue v = kr_call_method1(dict, "get", kr_str(names[i]));
        if (kr_is_empty(v)) return -1;
        if (kr_is(v, kr_None)) continue;
        if (i == 2) {
            if (read_grouping(spec, v) < 0) return -1;
            continue;
        }
        size_t size;
        if (!kr_is_str(v) || !kr_str_utf8(v, &size) || size > 4 || (i == 0 && size == 0)) {
            kr_clear_exception();
            kr_raise(kr_ValueError, "invalid override dict");
            return -1;
        }
        if (i == 0)
            spec->point = v;
        else
            spec->separator = v;
    }
    return 0;
}
static int take_locale(Spec *spec)
{
    KrValue localeconv = kr_import_attr("locale", "localeconv");
    KrValue dict = kr_is_empty(localeconv) ? localeconv : kr_call0(localeconv);
    return kr_is_empty(dict) ? -1 : take_convention(spec, dict);
}

/* ---- Grouping ------------------------------------------------------------------------------- */

/* The digits with separators, and zeros to at least `width` characters. */
static KrValue group(const Spec *spec, const char *digits, size_t n, int64_t width)
{
    KrValue groups = kr_list(NULL, 0);
    int64_t separator = (int64_t)kr_str_length(spec->separator);
    const uint8_t *size = spec->grouping;
    for (bool more = true; more && !kr_is_empty(groups);) {
        int64_t left = (int64_t)n, length = left > width ? left : width;
        if (length < 1) length = 1;
        bool limited = size && *size && *size != 127; /* 127: no further grouping */
        if (limited && *size < length) length = *size;
        KrText text;
        kr_text_init(&text);
        for (int64_t i = left; i < length; i++) kr_text_add_char(&text, '0');
        size_t taken = length < left ? (size_t)length : n;
        kr_text_add_utf8(&text, digits + n - taken, taken);
        if (kr_list_append(groups, kr_text_finish(&text)) < 0) return KR_EMPTY;
        n -= taken;
        width -= length;
        more = limited && (n > 0 || width > 0);
        width -= separator;
        if (limited && size[1]) size++;
    }
    if (kr_is_empty(kr_call_method0(groups, "reverse"))) return KR_EMPTY;
    return kr_str_join(spec->separator, groups);
}

/* ---- Parts ---------------------------------------------------------------------------------- */

typedef struct Parts {
    char *digits; /* malloc'ed */
    size_t before, after;
    int64_t exp;
    bool show_exp, negative;
} Parts;

/* Rounds to the precision that the type counts in its way. False: no memory for the digits. */
static bool round_to_precision(Num *n, const Spec *spec, int rounding, uint32_t *status)
{
    int64_t precision = spec->precision, exp;
    char type = spec->type | 32;
    if (type == '%') n->exp += 2;
    if (type == 'g' || !spec->type || type == 'n') {
        if (precision == 0) precision = 1;
        if (precision < 0 || n->digits <= precision) return true;
        exp = n->exp + n->digits - precision;
    } else if (precision < 0) {
        if (type == 'e' || n->exp <= 0) return true;
        exp = 0;
    } else
        exp = type == 'e' ? n->exp + n->digits - 1 - precision : -precision;
    if (num_is_zero(n)) {
        if (type == 'e') exp = n->exp; /* zeros keep their exponent */
        n->exp = type == 'e' ? n->exp : exp;
        return true;
    }
    if (exp > n->exp) {
        num_round_to(n, exp, rounding);
        bool significant = type == 'e' || type == 'g' || type == 'n' || !spec->type;
        int64_t most = type == 'e' ? precision + 1 : precision;
        if (significant && n->digits > most) { /* 9.99 became 10.0 */
            mpz_tdiv_q_ui(n->coef, n->coef, 10);
            n->digits--;
            n->exp++;
        }
    } else if (type != 'g' && type != 'n' && spec->type) {
        if (!dec_room(n->digits + n->exp - exp, status)) return false;
        dec_scale(n->coef, n->coef, n->exp - exp);
        n->digits += n->exp - exp;
        n->exp = exp;
    }
    return true;
}

/* Where the point stands, counted from the first digit. */
static int64_t point_of(const Num *n, const Spec *spec)
{
    int64_t left = n->exp + n->digits;
    char type = spec->type | 32;
    if (type == 'e') return num_is_zero(n) && spec->precision >= 0 ? 1 - spec->precision : 1;
    if (type == 'f' || type == '%') return left;
    return n->exp <= 0 && left > -6 ? left : 1;
}

/* -1 raised. */
static int split(Parts *p, const Num *n, const Spec *spec)
{
    int64_t point = point_of(n, spec);
    char *digits = mpz_get_str(NULL, 10, n->coef);
    size_t count = (size_t)n->digits, zeros_before = point <= 0 ? (size_t)-point + 1 : 0;
    size_t zeros_after = point > n->digits ? (size_t)(point - n->digits) : 0;
    p->exp = n->exp + n->digits - point;
    p->show_exp = p->exp != 0 || (spec->type | 32) == 'e';
    p->negative = n->negative;
    p->digits = malloc(zeros_before + count + zeros_after + 1);
    if (!p->digits) {
        free(digits);
        kr_raise_no_memory();
        return -1;
    }
    memset(p->digits, '0', zeros_before);
    memcpy(p->digits + zeros_before, digits, count);
    memset(p->digits + zeros_before + count, '0', zeros_after);
    p->before = point <= 0 ? 1 : (size_t)point;
    p->after = zeros_before + count + zeros_after - p->before;
    free(digits);
    return 0;
}

/* ---- Putting together ----------------------------------------------------------------------- */

static void pad(KrText *text, uint32_t fill, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (kr_text_add_char(text, fill) < 0) return;
}

static KrValue align(const Spec *spec, const char *sign, KrValue body)
{
    KrText text;
    if (kr_is_empty(body)) return KR_EMPTY;
    int64_t missing = spec->width - (int64_t)strlen(sign) - (int64_t)kr_str_length(body);
    if (missing < 0) missing = 0;
    int64_t before = spec->align == '>' ? missing : spec->align == '^' ? missing / 2 : 0;
    int64_t inside = spec->align == '=' ? missing : 0;
    kr_text_init(&text);
    pad(&text, spec->fill, before);
    kr_text_add_ascii(&text, sign);
    pad(&text, spec->fill, inside);
    kr_text_add_str(&text, body);
    pad(&text, spec->fill, missing - before - inside);
    return kr_text_finish(&text);
}

static const char *sign_text(bool negative, const Spec *spec)
{
    return negative ? "-" : spec->sign == '+' ? "+" : spec->sign == ' ' ? " " : "";
}

static KrValue format_special(const Num *n, Spec *spec)
{
    Num copy = *n; /* shares the payload */
    copy.negative = false;
    char *text = num_text(&copy, false, true);
    if (!text) return KR_EMPTY;
    KrValue body = kr_str_format("%s%s", text, spec->type == '%' ? "%" : "");
    free(text);
    if (spec->pad_zeros) spec->fill = ' ', spec->align = '>';
    return align(spec, sign_text(n->negative, spec), body);
}

static KrValue format_number(const Num *n, const Spec *spec, bool capitals)
{
    Parts p;
    KrText tail;
    if (split(&p, n, spec) < 0) return KR_EMPTY;
    const char *sign = sign_text(p.negative, spec);
    kr_text_init(&tail);
    if (p.after) {
        kr_text_add_str(&tail, spec->point);
        kr_text_add_utf8(&tail, p.digits + p.before, p.after);
    }
    bool upper =
        spec->type == 'E' || spec->type == 'G' || spec->type == 'N' || (!spec->type && capitals);
    if (p.show_exp)
        kr_text_add_format(&tail, "%c%s%lld", upper ? 'E' : 'e', p.exp < 0 ? "" : "+",
                           (long long)p.exp);
    if (spec->type == '%') kr_text_add_char(&tail, '%');
    KrValue end = kr_text_finish(&tail), whole = KR_EMPTY;
    if (!kr_is_empty(end)) {
        int64_t width =
            spec->pad_zeros ? spec->width - (int64_t)kr_str_length(end) - (int64_t)strlen(sign) : 0;
        whole = group(spec, p.digits, p.before, width);
    }
    free(p.digits);
    return kr_is_empty(whole) ? whole : align(spec, sign, kr_str_concat(whole, end));
}

KrValue dec_format(KrValue self, KrValue text, KrValue override, const Settings *s)
{
    Spec spec;
    Num n;
    uint32_t status = 0;
    if (!kr_is_str(text)) return kr_raise(kr_TypeError, "format arg must be str");
    if (!read_spec(&spec, text)) return kr_raise(kr_ValueError, "invalid format string");
    if ((spec.type | 32) == 'n' && spec.type && take_locale(&spec) < 0) return KR_EMPTY;
    if (!kr_is_empty(override)) {
        if (!kr_is_dict(override))
            return kr_raise(kr_TypeError, "optional argument must be a dict");
        if (take_convention(&spec, override) < 0) return KR_EMPTY;
    }
    if (dec_num(self)->kind != FINITE) return format_special(dec_num(self), &spec);
    num_init(&n);
    num_copy(&n, dec_num(self));
    KrValue result;
    if (!dec_room(spec.precision + spec.width, &status) ||
        !round_to_precision(&n, &spec, s->rounding, &status))
        result = kr_raise_no_memory();
    else {
        if (spec.no_minus_zero && num_is_zero(&n)) n.negative = false;
        result = format_number(&n, &spec, s->capitals);
    }
    num_clear(&n);
    return result;
}
