/* pyexpat.c: the pyexpat module on libexpat: a parser that calls its handlers.
 *
 * The library calls one C function an event, which makes objects of its arguments and calls the
 * handler of that name. A handler that raises ends the parse: all handlers are taken away and the
 * parser is stopped, and Parse() finds the exception set. Character data may be collected in a buffer,
 * which is handed over before any other event. */
#include <expat.h>
#include <sys/random.h>

#include "modules/support.h"

/* X(event, attribute) in the order of the array `handlers`. */
#define HANDLERS(X)                                                                                \
    X(StartElement, StartElementHandler)                                                           \
    X(EndElement, EndElementHandler) X(ProcessingInstruction, ProcessingInstructionHandler)        \
        X(CharacterData, CharacterDataHandler) X(UnparsedEntityDecl, UnparsedEntityDeclHandler)    \
            X(NotationDecl, NotationDeclHandler) X(StartNamespaceDecl, StartNamespaceDeclHandler)  \
                X(EndNamespaceDecl, EndNamespaceDeclHandler) X(Comment, CommentHandler)            \
                    X(StartCdataSection, StartCdataSectionHandler)                                 \
                        X(EndCdataSection, EndCdataSectionHandler) X(Default, DefaultHandler)      \
                            X(DefaultExpand, DefaultHandlerExpand)                                 \
                                X(NotStandalone, NotStandaloneHandler)                             \
                                    X(ExternalEntityRef, ExternalEntityRefHandler)                 \
                                        X(StartDoctypeDecl, StartDoctypeDeclHandler)               \
                                            X(EndDoctypeDecl, EndDoctypeDeclHandler)               \
                                                X(EntityDecl, EntityDeclHandler) X(XmlDecl,        \
                                                                                   XmlDeclHandler) \
                                                    X(ElementDecl, ElementDeclHandler)             \
                                                        X(AttlistDecl, AttlistDeclHandler)         \
                                                            X(SkippedEntity, SkippedEntityHandler)
enum Handler {
#define X(name, attribute) ON_##name,
    HANDLERS(X)
#undef X
        HANDLER_COUNT
};

enum { BUFFER_SIZE = 8192, MAX_CHUNK = 1 << 20, FILE_CHUNK = 2048 };

typedef struct Parser {
    KrObject head;
    XML_Parser expat;
    KrValue parent; /* keeps the parser alive whose entity this one reads; or KR_EMPTY */
    KrValue intern; /* a dict of names, or KR_EMPTY */
    KrValue handlers[HANDLER_COUNT];
    char *buffer; /* character data, malloc'ed; NULL: handed over at once */
    int buffer_size, buffer_used;
    bool ordered_attributes, specified_attributes, namespace_prefixes;
    bool in_callback;
} Parser;

static KrType *parser_type, *error_type;
static KrValue error_class;

static Parser *parser_of(KrValue v) { return kr_to_object(v); }

/* ---- Errors --------------------------------------------------------------------------------- */

static KrValue raise_expat(Parser *p, enum XML_Error code)
{
    int line = (int)XML_GetErrorLineNumber(p->expat),
        column = (int)XML_GetErrorColumnNumber(p->expat);
    KrValue words = kr_str_format("%s: line %d, column %d", XML_ErrorString(code), line, column);
    KrValue error = kr_is_empty(words) ? KR_EMPTY : kr_call1(error_class, words);
    if (kr_is_empty(error) || kr_setattr_ascii(error, "code", kr_int(code)) < 0 ||
        kr_setattr_ascii(error, "offset", kr_int(column)) < 0 ||
        kr_setattr_ascii(error, "lineno", kr_int(line)) < 0)
        return KR_EMPTY;
    return kr_raise_value(error);
}

static void install(Parser *p, int which, bool on);

/* After an exception no handler is called any more. */
static void stop(Parser *p)
{
    for (int i = 0; i < HANDLER_COUNT; i++) {
        p->handlers[i] = KR_EMPTY;
        install(p, i, false);
    }
    XML_SetExternalEntityRefHandler(p->expat, NULL);
    XML_StopParser(p->expat, XML_FALSE);
}

/* ---- Values --------------------------------------------------------------------------------- */

static KrValue text_of(const XML_Char *text)
{
    return text ? kr_str_sized(text, strlen(text)) : kr_None;
}
/* A name: equal ones are the same object. */
static KrValue name_of(Parser *p, const XML_Char *text)
{
    KrValue name = text_of(text);
    if (kr_is_empty(p->intern) || kr_is_empty(name) || kr_is(name, kr_None)) return name;
    return kr_dict_set_default(p->intern, name, name);
}

/* ---- Calling handlers ----------------------------------------------------------------------- */

static bool is_on(Parser *p, int which) { return !kr_is_empty(p->handlers[which]) && !kr_raised(); }

/* KR_EMPTY raised. */
static KrValue call(Parser *p, int which, const KrValue *args, size_t n)
{
    KrValue result = KR_EMPTY;
    bool made = true;
    for (size_t i = 0; i < n; i++) made = made && !kr_is_empty(args[i]);
    bool outer = p->in_callback;
    p->in_callback = true;
    if (made) result = kr_call(p->handlers[which], args, n, KR_EMPTY);
    p->in_callback = outer;
    if (kr_is_empty(result)) stop(p);
    return result;
}

static int hand_over(Parser *p, const char *text, int n)
{
    if (!is_on(p, ON_CharacterData)) return 0;
    KrValue args[] = {kr_str_sized(text, (size_t)n)};
    return kr_is_empty(call(p, ON_CharacterData, args, 1)) ? -1 : 0;
}
/* Hands over what is buffered. */
static int flush(Parser *p)
{
    int n = p->buffer_used;
    if (!p->buffer || n == 0) return 0;
    p->buffer_used = 0;
    return hand_over(p, p->buffer, n);
}

static void on_text(void *self, const XML_Char *text, int n)
{
    Parser *p = self;
    if (kr_raised()) return;
    if (!p->buffer) {
        hand_over(p, text, n);
        return;
    }
    if (p->buffer_used + n > p->buffer_size && flush(p) < 0) return;
    if (!p->buffer || n > p->buffer_size) { /* the handler may have turned buffering off */
        hand_over(p, text, n);
        return;
    }
    memcpy(p->buffer + p->buffer_used, text, (size_t)n);
    p->buffer_used += n;
}

/* Every other event: BEGIN leaves when there is nobody to tell. */
#define BEGIN(which)  \
    Parser *p = self; \
    if (!is_on(p, which) || flush(p) < 0 || !is_on(p, which)) return

static KrValue attributes_of(Parser *p, const XML_Char **pairs)
{
    int n = 0;
    if (p->specified_attributes)
        n = XML_GetSpecifiedAttributeCount(p->expat);
    else
        while (pairs[n]) n += 2;
    KrValue box = p->ordered_attributes ? kr_list(NULL, 0) : kr_dict();
    if (kr_is_empty(box)) return KR_EMPTY;
    for (int i = 0; i < n; i += 2) {
        KrValue name = name_of(p, pairs[i]), value = text_of(pairs[i + 1]);
        if (kr_is_empty(name) || kr_is_empty(value)) return KR_EMPTY;
        int status = p->ordered_attributes
                         ? (kr_list_append(box, name) < 0 ? -1 : kr_list_append(box, value))
                         : kr_dict_set(box, name, value);
        if (status < 0) return KR_EMPTY;
    }
    return box;
}
static void on_start(void *self, const XML_Char *name, const XML_Char **pairs)
{
    BEGIN(ON_StartElement);
    KrValue args[] = {name_of(p, name), attributes_of(p, pairs)};
    call(p, ON_StartElement, args, 2);
}
static void on_end(void *self, const XML_Char *name)
{
    BEGIN(ON_EndElement);
    KrValue args[] = {name_of(p, name)};
    call(p, ON_EndElement, args, 1);
}
static void on_instruction(void *self, const XML_Char *target, const XML_Char *data)
{
    BEGIN(ON_ProcessingInstruction);
    KrValue args[] = {name_of(p, target), text_of(data)};
    call(p, ON_ProcessingInstruction, args, 2);
}
static void on_unparsed(void *self, const XML_Char *entity, const XML_Char *base,
                        const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
    BEGIN(ON_UnparsedEntityDecl);
    KrValue args[] = {name_of(p, entity), name_of(p, base), name_of(p, system), name_of(p, public),
                      name_of(p, notation)};
    call(p, ON_UnparsedEntityDecl, args, 5);
}
static void on_notation(void *self, const XML_Char *notation, const XML_Char *base,
                        const XML_Char *system, const XML_Char *public)
{
    BEGIN(ON_NotationDecl);
    KrValue args[] = {name_of(p, notation), name_of(p, base), name_of(p, system),
                      name_of(p, public)};
    call(p, ON_NotationDecl, args, 4);
}
static void on_start_namespace(void *self, const XML_Char *prefix, const XML_Char *uri)
{
    BEGIN(ON_StartNamespaceDecl);
    KrValue args[] = {name_of(p, prefix), name_of(p, uri)};
    call(p, ON_StartNamespaceDecl, args, 2);
}
static void on_end_namespace(void *self, const XML_Char *prefix)
{
    BEGIN(ON_EndNamespaceDecl);
    KrValue args[] = {name_of(p, prefix)};
    call(p, ON_EndNamespaceDecl, args, 1);
}
static void on_comment(void *self, const XML_Char *data)
{
    BEGIN(ON_Comment);
    KrValue args[] = {text_of(data)};
    call(p, ON_Comment, args, 1);
}
static void on_start_cdata(void *self)
{
    BEGIN(ON_StartCdataSection);
    call(p, ON_StartCdataSection, NULL, 0);
}
static void on_end_cdata(void *self)
{
    BEGIN(ON_EndCdataSection);
    call(p, ON_EndCdataSection, NULL, 0);
}
static void on_default(void *self, const XML_Char *text, int n)
{
    BEGIN(ON_Default);
    KrValue args[] = {kr_str_sized(text, (size_t)n)};
    call(p, ON_Default, args, 1);
}
static void on_default_expand(void *self, const XML_Char *text, int n)
{
    BEGIN(ON_DefaultExpand);
    KrValue args[] = {kr_str_sized(text, (size_t)n)};
    call(p, ON_DefaultExpand, args, 1);
}
/* What a handler answers: 0 ends the parse. */
static int answer(Parser *p, KrValue result)
{
    int number = 0;
    if (kr_is_empty(result)) return 0;
    if (kr_to_int32(result, &number) == 0) return number;
    stop(p);
    return 0;
}
static int on_not_standalone(void *self)
{
    Parser *p = self;
    if (!is_on(p, ON_NotStandalone)) return 0;
    if (flush(p) < 0 || !is_on(p, ON_NotStandalone)) return 0;
    return answer(p, call(p, ON_NotStandalone, NULL, 0));
}
static int on_external_entity(XML_Parser parser, const XML_Char *context, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public)
{
    Parser *p = XML_GetUserData(parser);
    if (!is_on(p, ON_ExternalEntityRef)) return 0;
    if (flush(p) < 0 || !is_on(p, ON_ExternalEntityRef)) return 0;
    KrValue args[] = {text_of(context), name_of(p, base), name_of(p, system), name_of(p, public)};
    return answer(p, call(p, ON_ExternalEntityRef, args, 4));
}
static void on_start_doctype(void *self, const XML_Char *name, const XML_Char *system,
                             const XML_Char *public, int has_internal)
{
    BEGIN(ON_StartDoctypeDecl);
    KrValue args[] = {name_of(p, name), name_of(p, system), name_of(p, public),
                      kr_int(has_internal)};
    call(p, ON_StartDoctypeDecl, args, 4);
}
static void on_end_doctype(void *self)
{
    BEGIN(ON_EndDoctypeDecl);
    call(p, ON_EndDoctypeDecl, NULL, 0);
}
static void on_entity(void *self, const XML_Char *name, int is_parameter, const XML_Char *value,
                      int n, const XML_Char *base, const XML_Char *system, const XML_Char *public,
                      const XML_Char *notation)
{
    BEGIN(ON_EntityDecl);
    KrValue args[] = {
        name_of(p, name),    kr_int(is_parameter), value ? kr_str_sized(value, (size_t)n) : kr_None,
        name_of(p, base),    name_of(p, system),   name_of(p, public),
        name_of(p, notation)};
    call(p, ON_EntityDecl, args, 7);
}
static void on_declaration(void *self, const XML_Char *version, const XML_Char *encoding,
                           int standalone)
{
    BEGIN(ON_XmlDecl);
    KrValue args[] = {text_of(version), text_of(encoding), kr_int(standalone)};
    call(p, ON_XmlDecl, args, 3);
}
/* (type, quantifier, name, children) */
static KrValue model_tuple(Parser *p, const XML_Content *m)
{
    KrValue children = kr_list(NULL, 0);
    if (kr_is_empty(children) || kr_enter_recursion(" in XML content model") < 0) return KR_EMPTY;
    for (unsigned i = 0; i < m->numchildren; i++) {
        KrValue child = model_tuple(p, &m->children[i]);
        if (kr_is_empty(child) || kr_list_append(children, child) < 0) {
            kr_leave_recursion();
            return KR_EMPTY;
        }
    }
    kr_leave_recursion();
    return kr_tuple_of(4, kr_int(m->type), kr_int(m->quant), name_of(p, m->name),
                       kr_list_to_tuple(children));
}
static void on_element_declaration(void *self, const XML_Char *name, XML_Content *model)
{
    Parser *p = self;
    if (is_on(p, ON_ElementDecl) && flush(p) == 0 && is_on(p, ON_ElementDecl)) {
        KrValue args[] = {name_of(p, name), model_tuple(p, model)};
        call(p, ON_ElementDecl, args, 2);
    }
    XML_FreeContentModel(p->expat, model);
}
static void on_attribute_list(void *self, const XML_Char *element, const XML_Char *attribute,
                              const XML_Char *type, const XML_Char *value, int required)
{
    BEGIN(ON_AttlistDecl);
    KrValue args[] = {name_of(p, element), name_of(p, attribute), text_of(type), text_of(value),
                      kr_int(required)};
    call(p, ON_AttlistDecl, args, 5);
}
static void on_skipped(void *self, const XML_Char *name, int is_parameter)
{
    BEGIN(ON_SkippedEntity);
    KrValue args[] = {name_of(p, name), kr_int(is_parameter)};
    call(p, ON_SkippedEntity, args, 2);
}

/* Text while the handler was just taken away, from inside a callback: expat cannot do without one. */
static void on_text_ignored(void *self, const XML_Char *text, int n)
{
    (void)self, (void)text, (void)n;
}

static void install(Parser *p, int which, bool on)
{
    XML_Parser e = p->expat;
    switch (which) {
    case ON_StartElement: XML_SetStartElementHandler(e, on ? on_start : NULL); break;
    case ON_EndElement: XML_SetEndElementHandler(e, on ? on_end : NULL); break;
    case ON_ProcessingInstruction:
        XML_SetProcessingInstructionHandler(e, on ? on_instruction : NULL);
        break;
    case ON_CharacterData:
        XML_SetCharacterDataHandler(e, on ? on_text : p->in_callback ? on_text_ignored : NULL);
        break;
    case ON_UnparsedEntityDecl: XML_SetUnparsedEntityDeclHandler(e, on ? on_unparsed : NULL); break;
    case ON_NotationDecl: XML_SetNotationDeclHandler(e, on ? on_notation : NULL); break;
    case ON_StartNamespaceDecl:
        XML_SetStartNamespaceDeclHandler(e, on ? on_start_namespace : NULL);
        break;
    case ON_EndNamespaceDecl:
        XML_SetEndNamespaceDeclHandler(e, on ? on_end_namespace : NULL);
        break;
    case ON_Comment: XML_SetCommentHandler(e, on ? on_comment : NULL); break;
    case ON_StartCdataSection:
        XML_SetStartCdataSectionHandler(e, on ? on_start_cdata : NULL);
        break;
    case ON_EndCdataSection: XML_SetEndCdataSectionHandler(e, on ? on_end_cdata : NULL); break;
    case ON_Default: XML_SetDefaultHandler(e, on ? on_default : NULL); break;
    case ON_DefaultExpand: XML_SetDefaultHandlerExpand(e, on ? on_default_expand : NULL); break;
    case ON_NotStandalone: XML_SetNotStandaloneHandler(e, on ? on_not_standalone : NULL); break;
    case ON_ExternalEntityRef:
        XML_SetExternalEntityRefHandler(e, on ? on_external_entity : NULL);
        break;
    case ON_StartDoctypeDecl:
        XML_SetStartDoctypeDeclHandler(e, on ? on_start_doctype : NULL);
        break;
    case ON_EndDoctypeDecl: XML_SetEndDoctypeDeclHandler(e, on ? on_end_doctype : NULL); break;
    case ON_EntityDecl: XML_SetEntityDeclHandler(e, on ? on_entity : NULL); break;
    case ON_XmlDecl: XML_SetXmlDeclHandler(e, on ? on_declaration : NULL); break;
    case ON_ElementDecl: XML_SetElementDeclHandler(e, on ? on_element_declaration : NULL); break;
    case ON_AttlistDecl: XML_SetAttlistDeclHandler(e, on ? on_attribute_list : NULL); break;
    case ON_SkippedEntity: XML_SetSkippedEntityHandler(e, on ? on_skipped : NULL); break;
    }
}

static int set_handler(KrValue self, int which, KrValue value)
{
    Parser *p = parser_of(self);
    if (kr_is_empty(value)) {
        kr_raise(kr_RuntimeError, "Cannot delete attribute");
        return -1;
    }
    if (which == ON_CharacterData && flush(p) < 0) return -1;
    bool on = !kr_is(value, kr_None);
    p->handlers[which] = on ? value : KR_EMPTY;
    install(p, which, on);
    return 0;
}
static KrValue get_handler(KrValue self, int which)
{
    KrValue handler = parser_of(self)->handlers[which];
    return kr_is_empty(handler) ? kr_None : handler;
}

/* One attribute a handler. */
#define X(name, attribute)                                                                     \
    static KrValue get_##name(KrValue self) { return get_handler(self, ON_##name); }           \
    static int set_##name(KrValue self, KrValue v) { return set_handler(self, ON_##name, v); } \
    static const KrGetSet handler_##name = {#attribute, get_##name, set_##name, NULL};
HANDLERS(X)
#undef X

/* ---- Encodings ------------------------------------------------------------------------------ */

/* Encodings that expat does not know but the codecs do: a table of 256 characters. */
static int on_unknown_encoding(void *self, const XML_Char *name, XML_Encoding *info)
{
    char bytes[256];
    for (int i = 0; i < 256; i++) bytes[i] = (char)i;
    if (kr_raised()) return XML_STATUS_ERROR;
    KrValue text = kr_str_decode(bytes, 256, name, "replace");
    if (!kr_is_empty(text) && kr_str_length(text) != 256)
        text = kr_raise(kr_ValueError, "multi-byte encodings are not supported");
    if (kr_is_empty(text)) {
        stop(self);
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        uint32_t c = kr_str_at(text, (size_t)i);
        info->map[i] = c == 0xfffd ? -1 : (int)c;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

/* ---- Making --------------------------------------------------------------------------------- */

static void parser_trace(void *self, KrTracer *tracer)
{
    Parser *p = self;
    kr_trace(tracer, p->parent);
    kr_trace(tracer, p->intern);
    for (int i = 0; i < HANDLER_COUNT; i++) kr_trace(tracer, p->handlers[i]);
}
static void parser_release(void *self)
{
    Parser *p = self;
    if (p->expat) XML_ParserFree(p->expat);
    free(p->buffer);
}

static void set_up(Parser *p)
{
    unsigned long salt = 0x5bd1e995;
    if (getrandom(&salt, sizeof salt, GRND_NONBLOCK) < 0) salt ^= (unsigned long)(uintptr_t)p;
    XML_SetHashSalt(p->expat, salt);
    XML_SetUserData(p->expat, p);
    XML_SetUnknownEncodingHandler(p->expat, on_unknown_encoding, p);
}

static const char *optional_text(KrValue v, const char *what, bool *ok)
{
    *ok = true;
    if (kr_is_empty(v) || kr_is(v, kr_None)) return NULL;
    const char *text = kr_is_str(v) ? kr_str_cstring(v) : NULL;
    *ok = text != NULL;
    if (!text && !kr_raised()) kr_raise(kr_TypeError, "%s must be str or None, not %T", what, v);
    return text;
}

KR_FN(pyexpat, fn_parser_create, "ParserCreate",
      "(encoding=None, namespace_separator=None, intern=<unset>)",
      "Return a new XML parser object.")
{
    bool ok;
    const char *encoding = optional_text(a[0], "ParserCreate() argument 'encoding'", &ok);
    if (!ok) return KR_EMPTY;
    const char *separator =
        optional_text(a[1], "ParserCreate() argument 'namespace_separator'", &ok);
    if (!ok) return KR_EMPTY;
    if (separator && strlen(separator) > 1)
        return kr_raise(kr_ValueError,
                        "namespace_separator must be at most one character, omitted, or None");
    KrValue intern = kr_is_empty(a[2]) ? kr_dict() : kr_is(a[2], kr_None) ? KR_EMPTY : a[2];
    if (!kr_is_empty(a[2]) && !kr_is_empty(intern) && !kr_is_dict(intern))
        return kr_raise(kr_TypeError, "intern must be a dictionary");
    Parser *p = kr_alloc_instance(parser_type);
    if (!p) return KR_EMPTY;
    p->intern = intern;
    p->buffer_size = BUFFER_SIZE;
    p->expat = XML_ParserCreate_MM(encoding, NULL, separator);
    if (!p->expat) return kr_raise(kr_RuntimeError, "XML_ParserCreate failed");
    set_up(p);
    return kr_from_object(p);
}

KR_FN(parser, parser_external, "ExternalEntityParserCreate", "(self, context, encoding=<unset>, /)",
      "Create a parser for parsing an external entity based on the information passed to the "
      "ExternalEntityRefHandler.")
{
    bool ok;
    Parser *p = parser_of(a[0]);
    const char *context = optional_text(a[1], "context", &ok);
    if (!ok) return KR_EMPTY;
    const char *encoding = optional_text(a[2], "encoding", &ok);
    if (!ok) return KR_EMPTY;
    Parser *child = kr_alloc_instance(parser_type);
    if (!child) return KR_EMPTY;
    child->buffer_size = p->buffer_size;
    if (p->buffer && !(child->buffer = malloc((size_t)p->buffer_size))) return kr_raise_no_memory();
    child->ordered_attributes = p->ordered_attributes;
    child->specified_attributes = p->specified_attributes;
    child->namespace_prefixes = p->namespace_prefixes;
    child->intern = p->intern;
    child->parent = a[0];
    child->expat = XML_ExternalEntityParserCreate(p->expat, context, encoding);
    if (!child->expat) return kr_raise_no_memory();
    set_up(child);
    for (int i = 0; i < HANDLER_COUNT; i++) {
        child->handlers[i] = p->handlers[i];
        if (!kr_is_empty(p->handlers[i])) install(child, i, true);
    }
    return kr_from_object(child);
}

/* ---- Parsing -------------------------------------------------------------------------------- */

static KrValue outcome(Parser *p, int status)
{
    if (kr_raised()) return KR_EMPTY;
    if (status == XML_STATUS_ERROR) return raise_expat(p, XML_GetErrorCode(p->expat));
    return flush(p) < 0 ? KR_EMPTY : kr_int(status);
}

static int parse_bytes(Parser *p, const char *data, size_t n, bool last)
{
    while (n > MAX_CHUNK) {
        int status = XML_Parse(p->expat, data, MAX_CHUNK, false);
        if (status == XML_STATUS_ERROR || kr_raised()) return status;
        data += MAX_CHUNK;
        n -= MAX_CHUNK;
    }
    return XML_Parse(p->expat, data, (int)n, last);
}

KR_FN(parser, parser_parse, "Parse", "(self, data, isfinal=False, /)",
      "Parse XML data.\n\n`isfinal' should be true at end of input.")
{
    Parser *p = parser_of(a[0]);
    int last = kr_truth(a[2]);
    if (last < 0) return KR_EMPTY;
    if (kr_is_str(a[1])) {
        size_t n;
        const char *text = kr_str_utf8(a[1], &n);
        if (!text) return KR_EMPTY;
        XML_SetEncoding(p->expat, "utf-8");
        return outcome(p, parse_bytes(p, text, n, last));
    }
    KrBuffer view;
    if (kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    KrValue result = outcome(p, parse_bytes(p, view.data, (size_t)view.size, last));
    kr_buffer_release(&view);
    return result;
}

/* Bytes of the file; KR_EMPTY raised. */
static KrValue read_chunk(KrValue read)
{
    KrValue data = kr_call1(read, kr_int(FILE_CHUNK));
    if (kr_is_empty(data)) return KR_EMPTY;
    if (!kr_has_buffer(data) || kr_is_str(data))
        return kr_raise(kr_TypeError, "read() did not return a bytes object (type=%T)", data);
    return data;
}
KR_FN(parser, parser_parse_file, "ParseFile", "(self, file, /)",
      "Parse XML data from file-like object.")
{
    Parser *p = parser_of(a[0]);
    KrValue read = kr_find_attr(a[1], KR_NAME("read"));
    if (kr_is_empty(read))
        return kr_raised() ? KR_EMPTY
                           : kr_raise(kr_TypeError, "argument must have 'read' attribute");
    for (;;) {
        KrBuffer view;
        KrValue data = read_chunk(read);
        if (kr_is_empty(data) || kr_buffer_get(data, &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
        size_t n = (size_t)view.size;
        int status = XML_STATUS_ERROR;
        if (n > FILE_CHUNK)
            kr_raise(kr_ValueError,
                     "read() returned too much data: %d bytes requested, %zu returned", FILE_CHUNK,
                     n);
        else
            status = XML_Parse(p->expat, view.data, (int)n, n == 0);
        kr_buffer_release(&view);
        if (n == 0 || status == XML_STATUS_ERROR || kr_raised()) return outcome(p, status);
    }
}

/* ---- Other methods -------------------------------------------------------------------------- */

KR_FN(parser, parser_set_base, "SetBase", "(self, base, /)", "Set the base URL for the parser.")
{
    const char *base = kr_str_cstring(a[1]);
    if (!base) return KR_EMPTY;
    return XML_SetBase(parser_of(a[0])->expat, base) ? kr_None : kr_raise_no_memory();
}
KR_FN(parser, parser_get_base, "GetBase", "(self, /)", "Return base URL string for the parser.")
{
    return text_of(XML_GetBase(parser_of(a[0])->expat));
}
KR_FN(parser, parser_input_context, "GetInputContext", "(self, /)",
      "Return the untranslated text of the input that caused the current event.\n\n"
      "If the event was generated by a large amount of text (such as a start tag\n"
      "for an element with many attributes), not all of the text may be available.")
{
    Parser *p = parser_of(a[0]);
    int offset, size;
    if (!p->in_callback) return kr_None;
    const char *text = XML_GetInputContext(p->expat, &offset, &size);
    return text ? kr_bytes(text + offset, (size_t)(size - offset)) : kr_None;
}
KR_FN(parser, parser_param_entities, "SetParamEntityParsing", "(self, flag, /)",
      "Controls parsing of parameter entities (including the external DTD subset).")
{
    int flag;
    if (kr_to_int32(a[1], &flag) < 0) return KR_EMPTY;
    return kr_int(
        XML_SetParamEntityParsing(parser_of(a[0])->expat, (enum XML_ParamEntityParsing)flag));
}
KR_FN(parser, parser_foreign_dtd, "UseForeignDTD", "(self, flag=True, /)",
      "Allows the application to provide an artificial external subset if one is not specified as "
      "part of the document instance.")
{
    int flag = kr_truth(a[1]);
    if (flag < 0) return KR_EMPTY;
    enum XML_Error code = XML_UseForeignDTD(parser_of(a[0])->expat, flag ? XML_TRUE : XML_FALSE);
    return code == XML_ERROR_NONE ? kr_None : raise_expat(parser_of(a[0]), code);
}

/* ---- Attributes ----------------------------------------------------------------------------- */

#define POSITION(name, function)                                  \
    static KrValue get_##name(KrValue self)                       \
    {                                                             \
        return kr_int((int64_t)function(parser_of(self)->expat)); \
    }
POSITION(error_code, XML_GetErrorCode)
POSITION(error_line, XML_GetErrorLineNumber)
POSITION(error_column, XML_GetErrorColumnNumber)
POSITION(error_byte, XML_GetErrorByteIndex)
POSITION(current_line, XML_GetCurrentLineNumber)
POSITION(current_column, XML_GetCurrentColumnNumber)
POSITION(current_byte, XML_GetCurrentByteIndex)
#undef POSITION
KR_GETSET(parser, get_error_code, NULL, "ErrorCode", NULL)
KR_GETSET(parser, get_error_line, NULL, "ErrorLineNumber", NULL)
KR_GETSET(parser, get_error_column, NULL, "ErrorColumnNumber", NULL)
KR_GETSET(parser, get_error_byte, NULL, "ErrorByteIndex", NULL)
KR_GETSET(parser, get_current_line, NULL, "CurrentLineNumber", NULL)
KR_GETSET(parser, get_current_column, NULL, "CurrentColumnNumber", NULL)
KR_GETSET(parser, get_current_byte, NULL, "CurrentByteIndex", NULL)

static KrValue get_intern(KrValue self)
{
    KrValue intern = parser_of(self)->intern;
    return kr_is_empty(intern) ? kr_None : intern;
}
KR_GETSET(parser, get_intern, NULL, "intern", NULL)

static KrValue get_buffer_used(KrValue self) { return kr_int(parser_of(self)->buffer_used); }
KR_GETSET(parser, get_buffer_used, NULL, "buffer_used", NULL)

static int no_delete(KrValue value)
{
    if (!kr_is_empty(value)) return 0;
    kr_raise(kr_RuntimeError, "Cannot delete attribute");
    return -1;
}

static KrValue get_buffer_size(KrValue self) { return kr_int(parser_of(self)->buffer_size); }
static int set_buffer_size(KrValue self, KrValue value)
{
    Parser *p = parser_of(self);
    int64_t size;
    if (no_delete(value) < 0) return -1;
    if (!kr_is_int(value)) {
        kr_raise(kr_TypeError, "buffer_size must be an integer");
        return -1;
    }
    if (kr_to_int64(value, &size) < 0) return -1;
    if (size <= 0 || size > INT32_MAX) {
        kr_raise(kr_ValueError, size <= 0 ? "buffer_size must be greater than zero"
                                          : "buffer_size must not be greater than 2147483647");
        return -1;
    }
    if (p->buffer) {
        if (flush(p) < 0) return -1;
        char *buffer = malloc((size_t)size);
        if (!buffer) return kr_raise_no_memory(), -1;
        free(p->buffer);
        p->buffer = buffer;
    }
    p->buffer_size = (int)size;
    return 0;
}
KR_GETSET(parser, get_buffer_size, set_buffer_size, "buffer_size", NULL)

static KrValue get_buffer_text(KrValue self) { return kr_bool(parser_of(self)->buffer != NULL); }
static int set_buffer_text(KrValue self, KrValue value)
{
    Parser *p = parser_of(self);
    int on = no_delete(value) < 0 ? -1 : kr_truth(value);
    if (on < 0) return -1;
    if (on && !p->buffer) {
        p->buffer = malloc((size_t)p->buffer_size);
        p->buffer_used = 0;
        if (!p->buffer) return kr_raise_no_memory(), -1;
    } else if (!on && p->buffer) {
        if (flush(p) < 0) return -1;
        free(p->buffer);
        p->buffer = NULL;
    }
    return 0;
}
KR_GETSET(parser, get_buffer_text, set_buffer_text, "buffer_text", NULL)

#define FLAG(name)                                                                     \
    static KrValue get_##name(KrValue self) { return kr_bool(parser_of(self)->name); } \
    static int set_##name(KrValue self, KrValue value)                                 \
    {                                                                                  \
        int on = no_delete(value) < 0 ? -1 : kr_truth(value);                          \
        if (on >= 0) parser_of(self)->name = on;                                       \
        return on < 0 ? -1 : 0;                                                        \
    }
FLAG(ordered_attributes)
FLAG(specified_attributes)
#undef FLAG
KR_GETSET(parser, get_ordered_attributes, set_ordered_attributes, "ordered_attributes", NULL)
KR_GETSET(parser, get_specified_attributes, set_specified_attributes, "specified_attributes", NULL)

static KrValue get_namespace_prefixes(KrValue self)
{
    return kr_bool(parser_of(self)->namespace_prefixes);
}
static int set_namespace_prefixes(KrValue self, KrValue value)
{
    int on = no_delete(value) < 0 ? -1 : kr_truth(value);
    if (on < 0) return -1;
    parser_of(self)->namespace_prefixes = on;
    XML_SetReturnNSTriplet(parser_of(self)->expat, on);
    return 0;
}
KR_GETSET(parser, get_namespace_prefixes, set_namespace_prefixes, "namespace_prefixes", NULL)

KR_FN(pyexpat, fn_error_string, "ErrorString", "(code, /)",
      "Returns string error for given number.")
{
    int code;
    if (kr_to_int32(a[0], &code) < 0) return KR_EMPTY;
    return text_of(XML_ErrorString((enum XML_Error)code));
}

#include "modules/pyexpat/pyexpat.entries.h"

/* ---- The module ----------------------------------------------------------------------------- */

/* X(constant of the library): errors.<constant> is its text. */
#define ERRORS(X)                                                                                \
    X(NO_MEMORY)                                                                                 \
    X(SYNTAX)                                                                                    \
    X(NO_ELEMENTS) X(INVALID_TOKEN) X(UNCLOSED_TOKEN) X(PARTIAL_CHAR) X(TAG_MISMATCH)            \
        X(DUPLICATE_ATTRIBUTE) X(JUNK_AFTER_DOC_ELEMENT) X(PARAM_ENTITY_REF) X(UNDEFINED_ENTITY) \
            X(RECURSIVE_ENTITY_REF) X(ASYNC_ENTITY) X(BAD_CHAR_REF) X(BINARY_ENTITY_REF)         \
                X(ATTRIBUTE_EXTERNAL_ENTITY_REF) X(MISPLACED_XML_PI) X(UNKNOWN_ENCODING)         \
                    X(INCORRECT_ENCODING) X(UNCLOSED_CDATA_SECTION) X(EXTERNAL_ENTITY_HANDLING)  \
                        X(NOT_STANDALONE) X(UNEXPECTED_STATE) X(ENTITY_DECLARED_IN_PE)           \
                            X(FEATURE_REQUIRES_XML_DTD) X(CANT_CHANGE_FEATURE_ONCE_PARSING)      \
                                X(UNBOUND_PREFIX) X(UNDECLARING_PREFIX) X(INCOMPLETE_PE)         \
                                    X(XML_DECL) X(TEXT_DECL) X(PUBLICID) X(SUSPENDED)            \
                                        X(NOT_SUSPENDED) X(ABORTED) X(FINISHED) X(SUSPEND_PE)    \
                                            X(RESERVED_PREFIX_XML) X(RESERVED_PREFIX_XMLNS)      \
                                                X(RESERVED_NAMESPACE_URI) X(INVALID_ARGUMENT)    \
                                                    X(NO_BUFFER) X(AMPLIFICATION_LIMIT_BREACH)

static KrValue add_submodule(KrValue module, const char *name, const char *full, const char *doc)
{
    KrValue sub = kr_call2(kr_type_value(&kr_module_type), kr_str(full), kr_str(doc));
    KrValue modules = kr_import_attr("sys", "modules");
    if (kr_is_empty(sub) || kr_is_empty(modules) || kr_setitem(modules, kr_str(full), sub) < 0 ||
        kr_module_add(module, name, sub) < 0)
        return KR_EMPTY;
    return sub;
}

static int add_errors(KrValue module)
{
    KrValue errors = add_submodule(module, "errors", "pyexpat.errors",
                                   "Constants used to describe error conditions.");
    KrValue codes = kr_dict(), messages = kr_dict();
    if (kr_is_empty(errors) || kr_is_empty(codes) || kr_is_empty(messages)) return -1;
#define X(name)                                                                            \
    {                                                                                      \
        KrValue words = text_of(XML_ErrorString(XML_ERROR_##name)),                        \
                code = kr_int(XML_ERROR_##name);                                           \
        if (kr_module_add(errors, "XML_ERROR_" #name, words) < 0 ||                        \
            kr_dict_set(codes, words, code) < 0 || kr_dict_set(messages, code, words) < 0) \
            return -1;                                                                     \
    }
    ERRORS(X)
#undef X
    return kr_module_add(errors, "codes", codes) < 0 ? -1
                                                     : kr_module_add(errors, "messages", messages);
}

static int add_model(KrValue module)
{
    static const IntConstant constants[] = {{"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY},
                                            {"XML_CTYPE_ANY", XML_CTYPE_ANY},
                                            {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},
                                            {"XML_CTYPE_NAME", XML_CTYPE_NAME},
                                            {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE},
                                            {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
                                            {"XML_CQUANT_NONE", XML_CQUANT_NONE},
                                            {"XML_CQUANT_OPT", XML_CQUANT_OPT},
                                            {"XML_CQUANT_REP", XML_CQUANT_REP},
                                            {"XML_CQUANT_PLUS", XML_CQUANT_PLUS},
                                            {NULL, 0}};
    KrValue model = add_submodule(module, "model", "pyexpat.model",
                                  "Constants used to interpret content model information.");
    return kr_is_empty(model) ? -1 : add_constants(model, constants);
}

static int add_features(KrValue module)
{
    KrValue list = kr_list(NULL, 0);
    if (kr_is_empty(list)) return -1;
    for (const XML_Feature *f = XML_GetFeatureList(); f->feature != XML_FEATURE_END; f++) {
        KrValue pair = kr_tuple_of(2, text_of(f->name), kr_int(f->value));
        if (kr_is_empty(pair) || kr_list_append(list, pair) < 0) return -1;
    }
    return kr_module_add(module, "features", list);
}

static int expat_exec(KrValue module)
{
    static const KrGetSet *getset[HANDLER_COUNT + 32];
    static KrTypeSpec spec = {.name = "pyexpat.xmlparser",
                              .doc = "XML parser",
                              .size = sizeof(Parser),
                              .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                              .trace = parser_trace,
                              .release = parser_release,
                              .functions = parser_functions,
                              .getset = getset};
    static const IntConstant constants[] = {
        {"XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER},
        {"XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE},
        {"XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS},
        {NULL, 0}};
    size_t n = 0;
    while (parser_getset[n]) getset[n] = parser_getset[n], n++;
#define X(name, attribute) getset[n++] = &handler_##name;
    HANDLERS(X)
#undef X
    kr_type_once(&parser_type, &spec);
    error_type =
        add_exception(module, "xml.parsers.expat", "ExpatError", kr_Exception, &error_class);
    XML_Expat_Version v = XML_ExpatVersionInfo();
    KrValue version = kr_tuple_of(3, kr_int(v.major), kr_int(v.minor), kr_int(v.micro));
    if (!parser_type || !error_type || kr_module_add(module, "error", error_class) < 0 ||
        kr_module_add(module, "XMLParserType", kr_type_value(parser_type)) < 0 ||
        kr_module_add(module, "EXPAT_VERSION", text_of(XML_ExpatVersion())) < 0 ||
        kr_module_add(module, "version_info", version) < 0 ||
        kr_module_add(module, "native_encoding", kr_str("UTF-8")) < 0 ||
        add_constants(module, constants) < 0 || add_features(module) < 0 || add_errors(module) < 0)
        return -1;
    return add_model(module);
}

KR_MODULE(pyexpat) = {.api_version = KR_API_VERSION,
                      .name = "pyexpat",
                      .functions = pyexpat_functions,
                      .exec = expat_exec,
                      .doc = "Python wrapper for Expat parser."};
