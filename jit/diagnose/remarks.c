/* Words remarks of LLVM's passes from the table. Texts of a version that the table does not know are dropped: what a user
 * reads is never the machinery's own words. */
#include "jit/diagnose/remarks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    char kind;
    const char *words;
} remarks[] = {
#define REMARK(text, kind, words) {text, kind, words},
#include "jit/diagnose/remarks.def"
#undef REMARK
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* "'fn.f1_scale.2' inlined into ..." -> "scale" */
static void callee(const char *remark, char *out, size_t size)
{
    const char *name = strstr(remark, "'fn.");
    name = name ? name + 4 : "";
    const char *digits = name + 1 + strspn(name + (*name != 0), "0123456789");
    if (*name == 'f' && digits > name + 1 && *digits == '_') name = digits + 1;
    snprintf(out, size, "%.*s", (int)strcspn(name, "'"), name);
}

/* "4, interleaved count: 2)" -> "4 lanes, 2 vectors an iteration"; others up to the sentence's end. */
static void rest_words(char kind, const char *rest, char *out, size_t size)
{
    int width = 0, count = 0;
    if (kind == 'v' && sscanf(rest, "%d, interleaved count: %d", &width, &count) == 2) {
        snprintf(out, size, count > 1 ? "%d lanes, %d vectors an iteration" : "%d lanes", width,
                 count);
        return;
    }
    size_t n = strcspn(rest, kind == 'o' ? " ." : ".");
    snprintf(out, size, "%.*s", (int)n, rest);
}

char jit_remark_words(const char *remark, char *out, size_t size)
{
    char rest[200];
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        const char *found = strstr(remark, remarks[i].text);
        if (!found) continue;
        if (!remarks[i].kind) return 0;
        if (strchr("iI", remarks[i].kind))
            callee(remark, rest, sizeof rest);
        else
            rest_words(remarks[i].kind, found + strlen(remarks[i].text), rest, sizeof rest);
        if (!rest[0] && strstr(remarks[i].words, "%s")) return 0;
        snprintf(out, size, remarks[i].words, rest);
        return remarks[i].kind;
    }
    return 0;
}
