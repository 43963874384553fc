/* _locale.c: the C library's locales. krait's own conversions never ask them: what is set here
 * only changes what the functions of this module answer. */
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>

#include "modules/support.h"

static KrValue error_class;
static KrType *error_type;

static KrValue text(const char *s)
{
    return kr_str_decode(s, strlen(s), "utf-8", "surrogateescape");
}

KR_FN(locale, locale_setlocale, "setlocale", "(category, locale=None, /)",
      "Activates/queries locale processing.")
{
    int category;
    if (kr_to_int32(a[0], &category) < 0) return KR_EMPTY;
    const char *name = NULL;
    if (!kr_is(a[1], kr_None) && !(name = kr_str_cstring(a[1]))) return KR_EMPTY;
    const char *result = setlocale(category, name);
    if (!result)
        return kr_raise(error_type, name ? "unsupported locale setting" : "locale query failed");
    return text(result);
}

static KrValue grouping(const char *g)
{
    KrValue list = kr_list(NULL, 0);
    if (kr_is_empty(list) || !*g) return list;
    for (;; g++) {
        if (kr_list_append(list, kr_int(*g)) < 0) return KR_EMPTY;
        if (*g == 0 || *g == CHAR_MAX) return list;
    }
}

KR_FN(locale, locale_localeconv, "localeconv", "()",
      "Returns numeric and monetary locale-specific parameters.")
{
    const struct lconv *l = localeconv();
    KrValue dict = kr_dict();
    const struct {
        const char *name, *value;
    } texts[] = {
        {"decimal_point", l->decimal_point},         {"thousands_sep", l->thousands_sep},
        {"int_curr_symbol", l->int_curr_symbol},     {"currency_symbol", l->currency_symbol},
        {"mon_decimal_point", l->mon_decimal_point}, {"mon_thousands_sep", l->mon_thousands_sep},
        {"positive_sign", l->positive_sign},         {"negative_sign", l->negative_sign}};
    const struct {
        const char *name;
        int value;
    } numbers[] = {{"int_frac_digits", l->int_frac_digits}, {"frac_digits", l->frac_digits},
                   {"p_cs_precedes", l->p_cs_precedes},     {"p_sep_by_space", l->p_sep_by_space},
                   {"n_cs_precedes", l->n_cs_precedes},     {"n_sep_by_space", l->n_sep_by_space},
                   {"p_sign_posn", l->p_sign_posn},         {"n_sign_posn", l->n_sign_posn}};
    if (kr_is_empty(dict)) return KR_EMPTY;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (kr_dict_set_ascii(dict, numbers[i].name, kr_int(numbers[i].value)) < 0) return KR_EMPTY;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        KrValue v = text(texts[i].value);
        if (kr_is_empty(v) || kr_dict_set_ascii(dict, texts[i].name, v) < 0) return KR_EMPTY;
    }
    KrValue plain = grouping(l->grouping), money = grouping(l->mon_grouping);
    if (kr_is_empty(plain) || kr_is_empty(money) ||
        kr_dict_set_ascii(dict, "grouping", plain) < 0 ||
        kr_dict_set_ascii(dict, "mon_grouping", money) < 0)
        return KR_EMPTY;
    return dict;
}

KR_FN(locale, locale_strcoll, "strcoll", "(os1, os2, /)",
      "Compares two strings according to the locale.")
{
    const char *x = kr_str_cstring(a[0]), *y = x ? kr_str_cstring(a[1]) : NULL;
    return y ? kr_int(strcoll(x, y)) : KR_EMPTY;
}
KR_FN(locale, locale_strxfrm, "strxfrm", "(string, /)",
      "Return a string that can be used as a key for locale-aware comparisons.")
{
    const char *s = kr_str_cstring(a[0]);
    if (!s) return KR_EMPTY;
    size_t n = strxfrm(NULL, s, 0);
    KrValue bytes = kr_bytes(NULL, n + 1);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    strxfrm((char *)kr_bytes_data(bytes), s, n + 1);
    return kr_str_latin1((char *)kr_bytes_data(bytes), n);
}

/* The items of nl_langinfo that are known by name. */
static const IntConstant items[] = {
#define C(name)     \
    {               \
#name, name \
    }
    C(DAY_1),    C(DAY_2),     C(DAY_3),       C(DAY_4),     C(DAY_5),      C(DAY_6),
    C(DAY_7),    C(ABDAY_1),   C(ABDAY_2),     C(ABDAY_3),   C(ABDAY_4),    C(ABDAY_5),
    C(ABDAY_6),  C(ABDAY_7),   C(MON_1),       C(MON_2),     C(MON_3),      C(MON_4),
    C(MON_5),    C(MON_6),     C(MON_7),       C(MON_8),     C(MON_9),      C(MON_10),
    C(MON_11),   C(MON_12),    C(ABMON_1),     C(ABMON_2),   C(ABMON_3),    C(ABMON_4),
    C(ABMON_5),  C(ABMON_6),   C(ABMON_7),     C(ABMON_8),   C(ABMON_9),    C(ABMON_10),
    C(ABMON_11), C(ABMON_12),  C(RADIXCHAR),   C(THOUSEP),   C(CRNCYSTR),   C(D_FMT),
    C(D_T_FMT),  C(T_FMT),     C(AM_STR),      C(PM_STR),    C(CODESET),    C(T_FMT_AMPM),
    C(ERA),      C(ERA_D_FMT), C(ERA_D_T_FMT), C(ERA_T_FMT), C(ALT_DIGITS), C(YESEXPR),
    C(NOEXPR),   C(_DATE_FMT), {NULL, 0}};

KR_FN(locale, locale_nl_langinfo, "nl_langinfo", "(key, /)",
      "Return the value for the locale parameter associated with key.")
{
    int key;
    if (kr_to_int32(a[0], &key) < 0) return KR_EMPTY;
    for (const IntConstant *item = items; item->name; item++)
        if (item->value == key) return text(nl_langinfo(key));
    return kr_raise(kr_ValueError, "unsupported langinfo constant");
}
KR_FN(locale, locale_getencoding, "getencoding", "()", "Get the current locale encoding.")
{
    return kr_str("UTF-8");
}

/* ---- gettext ---- */

KR_FN(locale, locale_gettext, "gettext", "(msg, /)",
      "gettext(msg) -> string\n\nReturn translation of msg.")
{
    const char *message = kr_str_cstring(a[0]);
    return message ? text(gettext(message)) : KR_EMPTY;
}
static const char *domain_argument(KrValue v, bool *failed)
{
    *failed = false;
    if (kr_is(v, kr_None)) return NULL;
    const char *domain = kr_str_cstring(v);
    *failed = !domain;
    return domain;
}
KR_FN(locale, locale_dgettext, "dgettext", "(domain, msg, /)",
      "dgettext(domain, msg) -> string\n\nReturn translation of msg in domain.")
{
    bool failed;
    const char *domain = domain_argument(a[0], &failed),
               *message = failed ? NULL : kr_str_cstring(a[1]);
    return message ? text(dgettext(domain, message)) : KR_EMPTY;
}
KR_FN(locale, locale_dcgettext, "dcgettext", "(domain, msg, category, /)",
      "Return translation of msg in domain and category.")
{
    bool failed;
    int category;
    const char *domain = domain_argument(a[0], &failed),
               *message = failed ? NULL : kr_str_cstring(a[1]);
    if (!message || kr_to_int32(a[2], &category) < 0) return KR_EMPTY;
    return text(dcgettext(domain, message, category));
}
KR_FN(locale, locale_textdomain, "textdomain", "(domain, /)",
      "Set the C library's textdmain to domain, returning the new domain.")
{
    bool failed;
    const char *domain = domain_argument(a[0], &failed);
    if (failed) return KR_EMPTY;
    const char *result = textdomain(domain);
    return result ? text(result) : raise_errno();
}
KR_FN(locale, locale_bindtextdomain, "bindtextdomain", "(domain, dir, /)",
      "Bind the C library's domain to dir.")
{
    const char *domain = kr_str_cstring(a[0]), *directory = NULL;
    KrValue keep;
    if (!domain) return KR_EMPTY;
    if (!*domain) return kr_raise(error_type, "domain must be a non-empty string");
    if (!kr_is(a[1], kr_None) && !(directory = kr_path_bytes(a[1], &keep))) return KR_EMPTY;
    const char *result = bindtextdomain(domain, directory);
    return result ? text(result) : raise_errno();
}
KR_FN(locale, locale_bind_textdomain_codeset, "bind_textdomain_codeset", "(domain, codeset, /)",
      "Bind the C library's domain to codeset.")
{
    bool failed;
    const char *domain = kr_str_cstring(a[0]),
               *codeset = domain ? domain_argument(a[1], &failed) : NULL;
    if (!domain || failed) return KR_EMPTY;
    const char *result = bind_textdomain_codeset(domain, codeset);
    return result ? text(result) : kr_None;
}

#include "modules/_locale.entries.h"

static int locale_exec(KrValue module)
{
    static const IntConstant constants[] = {C(LC_CTYPE),   C(LC_NUMERIC),  C(LC_TIME),
                                            C(LC_COLLATE), C(LC_MONETARY), C(LC_MESSAGES),
                                            C(LC_ALL),     C(CHAR_MAX),    {NULL, 0}};
#undef C
    error_type = add_exception(module, "locale", "Error", kr_Exception, &error_class);
    return !error_type || add_constants(module, constants) < 0 ? -1 : add_constants(module, items);
}

KR_MODULE(_locale) = {.api_version = KR_API_VERSION,
                      .name = "_locale",
                      .functions = locale_functions,
                      .exec = locale_exec,
                      .doc = "Support for POSIX locales."};
