/* _csv.c: the _csv module: dialects, the reader and the writer.
 *
 * The reader is a state machine fed line by line; a record may span lines inside quotes. Fields
 * are collected in a buffer of code points. The writer joins the fields of a row in one text,
 * quoting what would not be read back as it was. */
#include "modules/support.h"

enum Quoting { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTINGS };
enum { NOT_SET = 0xffffffff };
enum { FIELD_LIMIT = 128 * 1024 };

static KrValue error_class, dialects;
static KrType *error_type, *dialect_type, *reader_type, *writer_type;
static int64_t field_limit = FIELD_LIMIT;

typedef struct Dialect {
    KrObject head;
    bool doublequote, skipinitialspace, strict;
    int quoting;
    uint32_t delimiter, quotechar, escapechar; /* NOT_SET: None */
    KrValue lineterminator;
} Dialect;

static Dialect *dialect_of(KrValue v) { return kr_to_object(v); }
static void dialect_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Dialect *)self)->lineterminator);
}

/* ---- Dialects ---- */

/* A one-character option. */
static int char_option(const char *name, KrValue v, bool none_ok, uint32_t *out)
{
    *out = NOT_SET;
    if (none_ok && kr_is(v, kr_None)) return 0;
    if (!kr_is_str(v)) {
        kr_raise(kr_TypeError,
                 none_ok ? "\"%s\" must be string or None, not %T"
                         : "\"%s\" must be string, not %T",
                 name, v);
        return -1;
    }
    if (kr_str_length(v) != 1) {
        kr_raise(kr_TypeError, "\"%s\" must be a 1-character string", name);
        return -1;
    }
    *out = kr_str_at(v, 0);
    return 0;
}

static const KrFunction dialect_constructor = {
    "Dialect",
    "(dialect=<unset>, delimiter=<unset>, doublequote=<unset>, escapechar=<unset>, "
    "lineterminator=<unset>, "
    "quotechar=<unset>, quoting=<unset>, skipinitialspace=<unset>, strict=<unset>)",
    NULL,
    NULL,
    KR_KIND_BOUND,
    NULL};
enum {
    DIALECT,
    DELIMITER,
    DOUBLEQUOTE,
    ESCAPECHAR,
    LINETERMINATOR,
    QUOTECHAR,
    QUOTING,
    SKIPINITIALSPACE,
    STRICT,
    OPTIONS
};
static const char *const option_names[] = {NULL,         "delimiter",        "doublequote",
                                           "escapechar", "lineterminator",   "quotechar",
                                           "quoting",    "skipinitialspace", "strict"};

static int bool_option(KrValue v, bool fallback, bool *out)
{
    int truth = kr_is_empty(v) ? fallback : kr_truth(v);
    *out = truth > 0;
    return truth < 0 ? -1 : 0;
}

static int fill_dialect(Dialect *d, const KrValue *a)
{
    if (bool_option(a[DOUBLEQUOTE], true, &d->doublequote) < 0 ||
        bool_option(a[SKIPINITIALSPACE], false, &d->skipinitialspace) < 0 ||
        bool_option(a[STRICT], false, &d->strict) < 0)
        return -1;
    d->delimiter = ',';
    d->quotechar = '"';
    d->escapechar = NOT_SET;
    if (!kr_is_empty(a[DELIMITER]) &&
        char_option("delimiter", a[DELIMITER], false, &d->delimiter) < 0)
        return -1;
    if (!kr_is_empty(a[ESCAPECHAR]) &&
        char_option("escapechar", a[ESCAPECHAR], true, &d->escapechar) < 0)
        return -1;
    if (!kr_is_empty(a[QUOTECHAR]) &&
        char_option("quotechar", a[QUOTECHAR], true, &d->quotechar) < 0)
        return -1;
    d->lineterminator = a[LINETERMINATOR];
    if (kr_is_empty(d->lineterminator))
        d->lineterminator = kr_str("\r\n");
    else if (!kr_is_str(d->lineterminator)) {
        kr_raise(kr_TypeError, "\"lineterminator\" must be a string");
        return -1;
    }
    d->quoting = QUOTE_MINIMAL;
    if (!kr_is_empty(a[QUOTING])) {
        if (!kr_is_int_exact(a[QUOTING]))
            return kr_raise(kr_TypeError, "\"quoting\" must be an integer"), -1;
        if (kr_to_int32(a[QUOTING], &d->quoting) < 0) return -1;
    }
    if (d->quoting < 0 || d->quoting >= QUOTINGS)
        return kr_raise(kr_TypeError, "bad \"quoting\" value"), -1;
    if (kr_is_empty(a[QUOTING]) && !kr_is_empty(a[QUOTECHAR]) && kr_is(a[QUOTECHAR], kr_None))
        d->quoting = QUOTE_NONE;
    if (d->quoting != QUOTE_NONE && d->quotechar == NOT_SET)
        return kr_raise(kr_TypeError, "quotechar must be set if quoting enabled"), -1;
    return 0;
}

static KrValue find_dialect(KrValue name)
{
    KrValue found = kr_dict_find(dialects, name);
    return kr_is_empty(found) && !kr_raised() ? kr_raise(error_type, "unknown dialect") : found;
}

static KrValue dialect_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue a[OPTIONS];
    if (kr_bind(&dialect_constructor, args, n, kwnames, a) < 0) return KR_EMPTY;
    if (!kr_is_empty(a[DIALECT]) && kr_is(a[DIALECT], kr_None)) a[DIALECT] = KR_EMPTY;
    if (!kr_is_empty(a[DIALECT])) {
        if (kr_is_str(a[DIALECT])) a[DIALECT] = find_dialect(a[DIALECT]);
        if (kr_is_empty(a[DIALECT])) return KR_EMPTY;
        bool plain = type == dialect_type && kr_is_a(a[DIALECT], dialect_type);
        for (int i = 1; i < OPTIONS; i++) plain = plain && kr_is_empty(a[i]);
        if (plain) return a[DIALECT];
        for (int i = 1; i < OPTIONS; i++) {
            if (!kr_is_empty(a[i])) continue;
            a[i] = kr_find_attr(a[DIALECT], kr_intern(option_names[i]));
            if (kr_raised()) kr_clear_exception();
        }
    }
    Dialect *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    d->lineterminator = kr_None;
    return fill_dialect(d, a) < 0 ? KR_EMPTY : kr_from_object(d);
}

/* The dialect that the arguments of reader(), writer() or register_dialect() behind the first
 * describe. */
static KrValue make_dialect(KrValue dialect, KrValue keywords)
{
    KrValue args = kr_is_empty(dialect) ? kr_tuple(NULL, 0) : kr_tuple_of(1, dialect);
    return kr_is_empty(args) ? KR_EMPTY
                             : kr_call_tuple(kr_type_value(dialect_type), args, keywords);
}

static KrValue char_value(uint32_t c)
{
    return c == NOT_SET ? kr_None : kr_str_from_points(&c, 1, 4);
}
static KrValue dialect_delimiter(KrValue self) { return char_value(dialect_of(self)->delimiter); }
static KrValue dialect_escapechar(KrValue self) { return char_value(dialect_of(self)->escapechar); }
static KrValue dialect_quotechar(KrValue self) { return char_value(dialect_of(self)->quotechar); }
static KrValue dialect_lineterminator(KrValue self) { return dialect_of(self)->lineterminator; }
static KrValue dialect_quoting(KrValue self) { return kr_int(dialect_of(self)->quoting); }
static KrValue dialect_doublequote(KrValue self) { return kr_bool(dialect_of(self)->doublequote); }
static KrValue dialect_skipinitialspace(KrValue self)
{
    return kr_bool(dialect_of(self)->skipinitialspace);
}
static KrValue dialect_strict(KrValue self) { return kr_bool(dialect_of(self)->strict); }
KR_GETSET(dialect, dialect_delimiter, NULL, "delimiter", NULL)
KR_GETSET(dialect, dialect_escapechar, NULL, "escapechar", NULL)
KR_GETSET(dialect, dialect_quotechar, NULL, "quotechar", NULL)
KR_GETSET(dialect, dialect_lineterminator, NULL, "lineterminator", NULL)
KR_GETSET(dialect, dialect_quoting, NULL, "quoting", NULL)
KR_GETSET(dialect, dialect_doublequote, NULL, "doublequote", NULL)
KR_GETSET(dialect, dialect_skipinitialspace, NULL, "skipinitialspace", NULL)
KR_GETSET(dialect, dialect_strict, NULL, "strict", NULL)
KR_FN(dialect, dialect_reduce, "__reduce__", "(self, /)", "raises an exception to avoid pickling")
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' instances", a[0]);
}
KR_FN(dialect, dialect_reduce_ex, "__reduce_ex__", "(self, protocol, /)",
      "raises an exception to avoid pickling")
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' instances", a[0]);
}

/* ---- The reader ---- */

typedef enum State {
    START_RECORD,
    START_FIELD,
    ESCAPED,
    IN_FIELD,
    IN_QUOTED,
    ESCAPED_IN_QUOTED,
    QUOTE_IN_QUOTED,
    EAT_NEWLINE,
    AFTER_ESCAPED_NEWLINE
} State;

typedef struct Reader {
    KrObject head;
    KrValue iterator, dialect, fields; /* fields: list */
    uint32_t *field;                   /* malloc'ed */
    size_t length, capacity;
    State state;
    bool numeric; /* the field was not quoted and becomes a float */
    int64_t line_num;
} Reader;

static Reader *reader_of(KrValue v) { return kr_to_object(v); }
static void reader_trace(void *self, KrTracer *tracer)
{
    Reader *r = self;
    kr_trace(tracer, r->iterator);
    kr_trace(tracer, r->dialect);
    kr_trace(tracer, r->fields);
}
static void reader_release(void *self) { free(((Reader *)self)->field); }

static int add_char(Reader *r, uint32_t c)
{
    if ((int64_t)r->length >= field_limit) {
        kr_raise(error_type, "field larger than field limit (%lld)", (long long)field_limit);
        return -1;
    }
    if (r->length == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 4096;
        uint32_t *field = realloc(r->field, capacity * sizeof *field);
        if (!field) return kr_raise_no_memory(), -1;
        r->field = field;
        r->capacity = capacity;
    }
    r->field[r->length++] = c;
    return 0;
}

static int save_field(Reader *r)
{
    KrValue field = kr_str_from_points(r->field, r->length, 4);
    r->length = 0;
    if (!kr_is_empty(field) && r->numeric) {
        r->numeric = false;
        field = kr_to_float(field);
    }
    return kr_is_empty(field) ? -1 : kr_list_append(r->fields, field);
}

enum { END_OF_LINE = 0xfffffffe };

static int after_quote(Reader *r, const Dialect *d, uint32_t c)
{
    if (d->quoting != QUOTE_NONE && c == d->quotechar) { /* a doubled quote */
        r->state = IN_QUOTED;
        return add_char(r, c);
    }
    if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(r);
    }
    if (c == '\n' || c == '\r' || c == END_OF_LINE) {
        r->state = c == END_OF_LINE ? START_RECORD : EAT_NEWLINE;
        return save_field(r);
    }
    if (!d->strict) {
        r->state = IN_FIELD;
        return add_char(r, c);
    }
    kr_raise(error_type, "'%S' expected after '%S'", char_value(d->delimiter),
             char_value(d->quotechar));
    return -1;
}

static int start_field(Reader *r, const Dialect *d, uint32_t c)
{
    if (c == '\n' || c == '\r' || c == END_OF_LINE) {
        r->state = c == END_OF_LINE ? START_RECORD : EAT_NEWLINE;
        return save_field(r);
    }
    if (c == d->quotechar && d->quoting != QUOTE_NONE)
        r->state = IN_QUOTED;
    else if (c == d->escapechar)
        r->state = ESCAPED;
    else if (c == ' ' && d->skipinitialspace)
        return 0;
    else if (c == d->delimiter)
        return save_field(r);
    else {
        r->numeric = d->quoting == QUOTE_NONNUMERIC;
        r->state = IN_FIELD;
        return add_char(r, c);
    }
    return 0;
}

static int in_field(Reader *r, const Dialect *d, uint32_t c)
{
    if (c == '\n' || c == '\r' || c == END_OF_LINE) {
        r->state = c == END_OF_LINE ? START_RECORD : EAT_NEWLINE;
        return save_field(r);
    }
    if (c == d->escapechar)
        r->state = ESCAPED;
    else if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(r);
    } else
        return add_char(r, c);
    return 0;
}

static int feed(Reader *r, const Dialect *d, uint32_t c)
{
    switch (r->state) {
    case START_RECORD:
        if (c == END_OF_LINE) return 0; /* an empty line */
        if (c == '\n' || c == '\r') {
            r->state = EAT_NEWLINE;
            return 0;
        }
        r->state = START_FIELD;
        return start_field(r, d, c);
    case START_FIELD: return start_field(r, d, c);
    case ESCAPED:
        if (c == '\n' || c == '\r') {
            r->state = AFTER_ESCAPED_NEWLINE;
            return add_char(r, c);
        }
        r->state = IN_FIELD;
        return add_char(r, c == END_OF_LINE ? '\n' : c);
    case AFTER_ESCAPED_NEWLINE:
        if (c == END_OF_LINE) return 0;
        r->state = IN_FIELD;
        return in_field(r, d, c);
    case IN_FIELD: return in_field(r, d, c);
    case IN_QUOTED:
        if (c == END_OF_LINE) return 0;
        if (c == d->escapechar)
            r->state = ESCAPED_IN_QUOTED;
        else if (c == d->quotechar && d->quoting != QUOTE_NONE)
            r->state = d->doublequote ? QUOTE_IN_QUOTED : IN_FIELD;
        else
            return add_char(r, c);
        return 0;
    case ESCAPED_IN_QUOTED: r->state = IN_QUOTED; return add_char(r, c == END_OF_LINE ? '\n' : c);
    case QUOTE_IN_QUOTED: return after_quote(r, d, c);
    case EAT_NEWLINE:
        if (c == '\n' || c == '\r') return 0;
        if (c == END_OF_LINE) {
            r->state = START_RECORD;
            return 0;
        }
        kr_raise(error_type, "new-line character seen in unquoted field - do you need to open the "
                             "file in universal-newline mode?");
        return -1;
    }
    return 0;
}

static KrValue reader_next(KrValue self)
{
    Reader *r = reader_of(self);
    const Dialect *d = dialect_of(r->dialect);
    r->fields = kr_list(NULL, 0);
    if (kr_is_empty(r->fields)) return KR_EMPTY;
    r->length = 0;
    r->state = START_RECORD;
    r->numeric = false;
    do {
        KrValue line = kr_next(r->iterator);
        if (kr_is_empty(line)) {
            if (kr_raised()) return KR_EMPTY;
            if (r->length == 0 && r->state != IN_QUOTED) return KR_EMPTY;
            if (d->strict) return kr_raise(error_type, "unexpected end of data");
            if (save_field(r) < 0) return KR_EMPTY;
            break;
        }
        if (!kr_is_str(line))
            return kr_raise(
                error_type,
                "iterator should return strings, not %T (the file should be opened in text mode)",
                line);
        r->line_num++;
        for (size_t i = 0, n = kr_str_length(line); i < n; i++)
            if (feed(r, d, kr_str_at(line, i)) < 0) return KR_EMPTY;
        if (feed(r, d, END_OF_LINE) < 0) return KR_EMPTY;
    } while (r->state != START_RECORD);
    KrValue fields = r->fields;
    r->fields = kr_None;
    return fields;
}

static KrValue itself(KrValue self) { return self; }
static KrValue reader_dialect(KrValue self) { return reader_of(self)->dialect; }
static KrValue reader_line_num(KrValue self) { return kr_int(reader_of(self)->line_num); }
KR_GETSET(reader, reader_dialect, NULL, "dialect", NULL)
KR_GETSET(reader, reader_line_num, NULL, "line_num", NULL)

KR_FN(csv, csv_reader, "reader", "(iterable, dialect=<unset>, /, **keywords)",
      "    csv_reader = reader(iterable [, dialect='excel']\n                        [optional "
      "keyword args])\n    for row in csv_reader:\n"
      "        process(row)\n\nThe \"iterable\" argument can be any object that returns a line\nof "
      "input for each iteration, such as a file object "
      "or a list.  The\noptional \"dialect\" parameter is discussed below.  The function\nalso "
      "accepts optional keyword arguments which override "
      "settings\nprovided by the dialect.\n\nThe returned object is an iterator.  Each iteration "
      "returns a row\nof the CSV file (which can span "
      "multiple input lines).\n")
{
    KrValue iterator = kr_iter(a[0]);
    KrValue dialect = kr_is_empty(iterator) ? KR_EMPTY : make_dialect(a[1], a[2]);
    Reader *r = kr_is_empty(dialect) ? NULL : kr_alloc_instance(reader_type);
    if (!r) return KR_EMPTY;
    r->iterator = iterator;
    r->dialect = dialect;
    r->fields = kr_None;
    return kr_from_object(r);
}

/* ---- The writer ---- */

typedef struct Writer {
    KrObject head;
    KrValue write, dialect;
} Writer;

static Writer *writer_of(KrValue v) { return kr_to_object(v); }
static void writer_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Writer *)self)->write);
    kr_trace(tracer, ((Writer *)self)->dialect);
}

static bool is_in(KrValue str, uint32_t c)
{
    for (size_t i = 0; i < kr_str_length(str); i++)
        if (kr_str_at(str, i) == c) return true;
    return false;
}

/* Appends a field's characters, escaped; *quoted tells, and learns, whether it stands in quotes. */
static int escape_field(KrText *out, const Dialect *d, KrValue field, bool *quoted)
{
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0, n = kr_is_empty(field) ? 0 : kr_str_length(field); i < n; i++) {
        uint32_t c = kr_str_at(field, i);
        if (c == d->delimiter || c == d->escapechar || c == d->quotechar ||
            is_in(d->lineterminator, c)) {
            bool escape = false;
            if (d->quoting == QUOTE_NONE)
                escape = true;
            else if (c == d->quotechar) {
                if (d->doublequote)
                    kr_text_add_char(&text, c);
                else
                    escape = true;
            } else if (c == d->escapechar)
                escape = true;
            if (!escape)
                *quoted = true;
            else if (d->escapechar == NOT_SET) {
                kr_raise(error_type, "need to escape, but no escapechar set");
                kr_text_drop(&text);
                return -1;
            } else
                kr_text_add_char(&text, d->escapechar);
        }
        kr_text_add_char(&text, c);
    }
    KrValue escaped = kr_text_finish(&text);
    if (kr_is_empty(escaped)) return -1;
    if (*quoted) kr_text_add_char(out, d->quotechar);
    kr_text_add_str(out, escaped);
    return *quoted ? kr_text_add_char(out, d->quotechar) : 0;
}

static KrValue row_text(const Dialect *d, KrValue row)
{
    KrText text;
    kr_text_init(&text);
    KrValue fields = kr_iter(row), field;
    size_t count = 0;
    bool null_field = false;
    if (kr_is_empty(fields)) {
        if (kr_raised_is(kr_TypeError)) {
            kr_clear_exception();
            return kr_raise(error_type, "iterable expected, not %T", row);
        }
        return KR_EMPTY;
    }
    while (!kr_is_empty(field = kr_next(fields))) {
        bool quoted = d->quoting == QUOTE_ALL, number = kr_is_int(field) || kr_is_float(field);
        if (d->quoting == QUOTE_NONNUMERIC) {
            quoted = !number;
            if (!number && !kr_is_str(field) && !kr_is(field, kr_None))
                quoted = !kr_has_index(field) &&
                         kr_is_empty(kr_find_special(field, KR_NAME("__float__")));
        }
        null_field = kr_is(field, kr_None);
        KrValue shown = kr_is_str(field) ? field : null_field ? KR_EMPTY : kr_to_str(field);
        if (kr_is_empty(shown) && !null_field) break;
        if (count++) kr_text_add_char(&text, d->delimiter);
        if (!null_field && kr_str_length(shown) == 0 && d->delimiter == ' ' && d->skipinitialspace)
            quoted = true;
        if (escape_field(&text, d, shown, &quoted) < 0) break;
    }
    if (!kr_raised() && count == 1 &&
        text.length == 0) { /* a lone empty field must not read as an empty row */
        if (d->quoting == QUOTE_NONE)
            kr_raise(error_type, "single empty field record must be quoted");
        else {
            kr_text_add_char(&text, d->quotechar);
            kr_text_add_char(&text, d->quotechar);
        }
    }
    if (kr_raised()) {
        kr_text_drop(&text);
        return KR_EMPTY;
    }
    kr_text_add_str(&text, d->lineterminator);
    return kr_text_finish(&text);
}

KR_FN(writer, writer_writerow, "writerow", "(self, row, /)",
      "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.  "
      "Non-string\nelements will be converted to string.")
{
    KrValue text = row_text(dialect_of(writer_of(a[0])->dialect), a[1]);
    return kr_is_empty(text) ? KR_EMPTY : kr_call1(writer_of(a[0])->write, text);
}
KR_FN(writer, writer_writerows, "writerows", "(self, rows, /)",
      "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv "
      "file.  Non-string\nelements will be converted to string.")
{
    KrValue rows = kr_iter(a[1]), row;
    if (kr_is_empty(rows)) return KR_EMPTY;
    while (!kr_is_empty(row = kr_next(rows))) {
        KrValue pair[] = {a[0], row};
        if (kr_is_empty(writer_writerow(pair))) return KR_EMPTY;
    }
    return kr_raised() ? KR_EMPTY : kr_None;
}
static KrValue writer_dialect(KrValue self) { return writer_of(self)->dialect; }
KR_GETSET(writer, writer_dialect, NULL, "dialect", NULL)

KR_FN(csv, csv_writer, "writer", "(fileobj, dialect=<unset>, /, **keywords)",
      "    csv_writer = csv.writer(fileobj [, dialect='excel']\n                            "
      "[optional keyword args])\n    for row in sequence:\n"
      "        csv_writer.writerow(row)\n\n    [or]\n\n    csv_writer = csv.writer(fileobj [, "
      "dialect='excel']\n                            [optional "
      "keyword args])\n    csv_writer.writerows(rows)\n\nThe \"fileobj\" argument can be any "
      "object that supports the file API.\n")
{
    KrValue write = kr_find_attr(a[0], KR_NAME("write"));
    if (kr_is_empty(write) && kr_raised()) return KR_EMPTY;
    if (kr_is_empty(write) || !kr_is_callable(write))
        return kr_raise(kr_TypeError, "argument 1 must have a \"write\" method");
    KrValue dialect = make_dialect(a[1], a[2]);
    Writer *w = kr_is_empty(dialect) ? NULL : kr_alloc_instance(writer_type);
    if (!w) return KR_EMPTY;
    w->write = write;
    w->dialect = dialect;
    return kr_from_object(w);
}

/* ---- Registered dialects ---- */

KR_FN(csv, csv_list_dialects, "list_dialects", "()",
      "Return a list of all known dialect names.\n\n    names = csv.list_dialects()")
{
    return kr_list_from(dialects);
}
KR_FN(csv, csv_register_dialect, "register_dialect", "(name, dialect=<unset>, /, **keywords)",
      "Create a mapping from a string name to a dialect class.\n    dialect = "
      "csv.register_dialect(name[, dialect[, **fmtparams]])")
{
    if (!kr_is_str(a[0])) return kr_raise(kr_TypeError, "dialect name must be a string");
    KrValue dialect = make_dialect(a[1], a[2]);
    return kr_is_empty(dialect) || kr_dict_set(dialects, a[0], dialect) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(csv, csv_unregister_dialect, "unregister_dialect", "(name)",
      "Delete the name/dialect mapping associated with a string name.\n\n    "
      "csv.unregister_dialect(name)")
{
    int status = kr_dict_delete(dialects, a[0]);
    if (status < 0) return KR_EMPTY;
    return status ? kr_None : kr_raise(error_type, "unknown dialect");
}
KR_FN(csv, csv_get_dialect, "get_dialect", "(name)",
      "Return the dialect instance associated with name.\n\n    dialect = csv.get_dialect(name)")
{
    return find_dialect(a[0]);
}
KR_FN(csv, csv_field_size_limit, "field_size_limit", "(new_limit=<unset>, /)",
      "Sets an upper limit on parsed fields.\n\n    csv.field_size_limit([limit])\n\nReturns old "
      "limit. If limit is not given, no new limit is set and\nthe old limit is returned")
{
    int64_t old = field_limit;
    if (kr_is_empty(a[0])) return kr_int(old);
    if (!kr_is_int_exact(a[0])) return kr_raise(kr_TypeError, "limit must be an integer");
    return kr_to_int64(a[0], &field_limit) < 0 ? KR_EMPTY : kr_int(old);
}

#include "modules/_csv.entries.h"

static int csv_exec(KrValue module)
{
    static const KrTypeSpec dialect_spec = {
        .name = "_csv.Dialect",
        .doc = "CSV dialect\n\nThe Dialect type records CSV dialect options.\n",
        .size = sizeof(Dialect),
        .functions = dialect_functions,
        .getset = dialect_getset,
        .trace = dialect_trace,
        .slots = {.make = dialect_make}};
    static const KrTypeSpec reader_spec = {.name = "_csv.reader",
                                           .size = sizeof(Reader),
                                           .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL,
                                           .doc =
                                               "CSV reader\n\nReader objects are responsible for "
                                               "reading and parsing tabular data\nin CSV format.\n",
                                           .getset = reader_getset,
                                           .trace = reader_trace,
                                           .release = reader_release,
                                           .slots = {.iter = itself, .next = reader_next}};
    static const KrTypeSpec writer_spec = {
        .name = "_csv.writer",
        .size = sizeof(Writer),
        .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL,
        .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV "
               "format from sequence input.\n",
        .functions = writer_functions,
        .getset = writer_getset,
        .trace = writer_trace};
    static const IntConstant constants[] = {{"QUOTE_MINIMAL", QUOTE_MINIMAL},
                                            {"QUOTE_ALL", QUOTE_ALL},
                                            {"QUOTE_NONNUMERIC", QUOTE_NONNUMERIC},
                                            {"QUOTE_NONE", QUOTE_NONE},
                                            {NULL, 0}};
    kr_root(&dialects);
    dialects = kr_dict();
    dialect_type = kr_type_new(&dialect_spec);
    reader_type = kr_type_new(&reader_spec);
    writer_type = kr_type_new(&writer_spec);
    if (kr_is_empty(dialects) || !dialect_type || !reader_type || !writer_type) return -1;
    error_type = add_exception(module, "_csv", "Error", kr_Exception, &error_class);
    if (!error_type || add_constants(module, constants) < 0 ||
        kr_module_add(module, "_dialects", dialects) < 0 ||
        kr_module_add_type(module, dialect_type) < 0 ||
        kr_module_add(module, "Reader", kr_type_value(reader_type)) < 0 ||
        kr_module_add(module, "Writer", kr_type_value(writer_type)) < 0)
        return -1;
    return kr_module_add(module, "__version__", kr_str("1.0"));
}

KR_MODULE(_csv) = {
    .api_version = KR_API_VERSION,
    .name = "_csv",
    .doc = "CSV parsing and writing.\n",
    .functions = csv_functions,
    .exec = csv_exec,
};
