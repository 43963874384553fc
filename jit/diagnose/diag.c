/* Words refusals from the table. */
#include "jit/diagnose/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int number;
    const char *text, *hint;
} refusals[REFUSE_COUNT] = {
#define REFUSAL(number, code, text, hint) [REFUSE_##code] = {number, text, hint},
#include "jit/diagnose/refusals.def"
#undef REFUSAL
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

int jit_diag_set_v(JitDiag *d, JitRefusal what, IrPos pos, va_list ap)
{
    va_list again;
    if (d->code) return -1;
    d->code = refusals[what].number;
    d->pos = pos;
    va_copy(again, ap);
    vsnprintf(d->text, sizeof d->text, refusals[what].text, ap);
    vsnprintf(d->hint, sizeof d->hint, refusals[what].hint, again);
    va_end(again);
    return -1;
}

int jit_diag_set(JitDiag *d, JitRefusal what, IrPos pos, ...)
{
    va_list ap;
    va_start(ap, pos);
    jit_diag_set_v(d, what, pos, ap);
    va_end(ap);
    return -1;
}

const char *jit_diag_function(const IrFunc *f)
{
    const char *name = f->base ? f->base : f->name, *digits = name + strspn(name, "f");
    const char *end = digits + strspn(digits, "0123456789");
    return *name == 'f' && digits == name + 1 && end > digits && *end == '_' ? end + 1 : name;
}

void jit_diag_second(JitDiag *d, IrPos pos, const char *fmt, ...)
{
    va_list ap;
    if (d->second.line) return;
    d->second = pos;
    va_start(ap, fmt);
    vsnprintf(d->second_text, sizeof d->second_text, fmt, ap);
    va_end(ap);
}
