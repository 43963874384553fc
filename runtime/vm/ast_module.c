/* ast_module.c: the _ast module: the classes of the tree, and trees as objects.
 *
 * Everything is derived from ast.def through kr_ast_info(): a class for every row, a base class
 * for every sum, a class with one shared instance for every operator and context. Trees cross in
 * both directions:
 *
 *     compile(text, ..., ONLY_AST)   text -> C tree -> objects        to_object()
 *     compile(tree, ...)             objects -> C tree -> code  read_node(), kr_ast_validate()
 *
 * The tree is 3.14's; the classes are those of the library that is installed. What came later
 * (table `additions`) is kept out of the module, of _fields and of the docstrings, but not lost:
 * such a class is made when a tree first needs it, and a node has the attribute whenever it is
 * not empty: a tree of new source compiles to the same code. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/compile/compile.h"
#include "runtime/compile/constants.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/version.h"
#include "runtime/vm/ast_module.h"
#include "runtime/vm/builtins.h"

enum { ENUM_TYPES = FIELD_TYPES - FIELD_ExprContext, ENUM_MAX = 16 };

static Type *ast_type;
static Type *node_types[NODE_KINDS];
static Value *field_names[NODE_KINDS];      /* interned, in the order of the row's fields */
static Type *sum_types[FIELD_FIRST_SCALAR]; /* mod .. type_param; NULL for products */
static Type *enum_bases[ENUM_TYPES];
static Value enum_instances[ENUM_TYPES][ENUM_MAX];
static Value kinds; /* dict: class -> NodeKind */
static Value kept;  /* list of all classes and instances above */

static const struct {
    const char *name;
    int minor;
} additions[] = {
    {"type_params", 12},   {"TypeAlias", 12},    {"TypeVar", 12},
    {"ParamSpec", 12},     {"TypeVarTuple", 12}, {"type_param", 12},
    {"default_value", 13}, {"TemplateStr", 14},  {"Interpolation", 14},
};

static bool is_known(const char *name)
{
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++)
        if (strcmp(name, additions[i].name) == 0) return additions[i].minor <= KRAIT_STDLIB_MINOR;
    return true;
}

static bool is_sequence(const FieldInfo *f)
{
    return f->quantity == QUANTITY_SEQ || f->quantity == QUANTITY_SEQOPT;
}
static bool is_enum(FieldType type) { return type >= FIELD_ExprContext; }

/* ---- AST, the base class ---- */

static Value ast_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                      KR_UNUSED Value kwnames)
{
    void *object = kr_alloc_instance(type);
    return object ? from_object(object) : EMPTY;
}

static int ast_init(Value self, const Value *args, size_t n, Value kwnames)
{
    Value fields = kr_find_attr(from_object(type_of(self)), KR_NAME("_fields"));
    if (is_empty(fields) && kr_raised()) return -1;
    if (!is_empty(fields)) fields = kr_tuple_from(fields);
    if (is_empty(fields) && kr_raised()) return -1;
    size_t count = is_empty(fields) ? 0 : kr_tuple_size(fields);
    if (n > count) {
        kr_raise(kr_TypeError, "%T constructor takes at most %zu positional argument%s", self,
                 count, count == 1 ? "" : "s");
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (kr_setattr(self, kr_tuple_get(fields, i), args[i]) < 0) return -1;
    for (size_t k = 0; !is_empty(kwnames) && k < kr_tuple_size(kwnames); k++) {
        Value name = kr_tuple_get(kwnames, k);
        for (size_t i = 0; i < n; i++) {
            int equal = kr_equal(kr_tuple_get(fields, i), name);
            if (equal > 0)
                kr_raise(kr_TypeError, "%T got multiple values for argument %R", self, name);
            if (equal != 0) return -1;
        }
        if (kr_setattr(self, name, args[n + k]) < 0) return -1;
    }
    return 0;
}

KR_FN(ast, ast_reduce, "__reduce__", "(self, /)", NULL)
{
    Value dict = kr_find_attr(a[0], KR_NAME("__dict__")), type = from_object(type_of(a[0])),
          none = kr_tuple(NULL, 0);
    if (is_empty(dict) && kr_raised()) return EMPTY;
    return is_empty(dict) ? kr_tuple_of(2, type, none) : kr_tuple_of(3, type, none, dict);
}

#include "runtime/vm/ast_module.entries.h"

/* ---- From the C tree to objects ---- */

typedef struct Writer {
    Constants constants;
    Value filename;
} Writer;

static Value to_object(Writer *w, const Node *node);

static Value scalar_to_object(Writer *w, FieldType type, const void *place)
{
    switch (type) {
    case FIELD_Identifier:
    case FIELD_String: {
        const Identifier *name = *(Identifier *const *)place;
        if (!name) return NONE;
        Value v = kr_str_sized(name->text, name->length);
        return is_empty(v) || type == FIELD_String ? v : kr_intern_str(v);
    }
    case FIELD_Int: return kr_int(*(const int32_t *)place);
    case FIELD_Constant: return kr_constants_literal(&w->constants, place);
    case FIELD_ExprContext:
    case FIELD_BoolOperator:
    case FIELD_Operator:
    case FIELD_UnaryOperator:
    case FIELD_CmpOperator:
        return enum_instances[type - FIELD_ExprContext][*(const unsigned *)place];
    default: {
        const Node *node = *(Node *const *)place;
        return node ? to_object(w, node) : NONE;
    }
    }
}

static Value sequence_to_object(Writer *w, FieldType type, const NodeSeq *seq)
{
    Value list = kr_list(NULL, 0);
    for (size_t i = 0; !is_empty(list) && i < seq->count; i++) {
        const void *place = &seq->items[i];
        if (type == FIELD_CmpOperator) place = &((const CmpOperatorSeq *)seq)->items[i];
        Value item = scalar_to_object(w, type, place);
        if (is_empty(item) || kr_list_append(list, item) < 0) return EMPTY;
    }
    return list;
}

static int set_positions(Object *object, const Node *node)
{
    const int32_t values[] = {node->lineno, node->col_offset, node->end_lineno,
                              node->end_col_offset};
    Value names[] = {KR_NAME("lineno"), KR_NAME("col_offset"), KR_NAME("end_lineno"),
                     KR_NAME("end_col_offset")};
    for (int i = 0; i < 4; i++)
        if (kr_attrs_set(object, names[i], from_small_int(values[i])) < 0) return -1;
    return 0;
}

/* The ValueError of an int literal with too many digits, as the SyntaxError that it is. */
static void raise_literal(Writer *w, const Node *node)
{
    if (node->kind != EXPR_Constant || !kr_raised_is(kr_ValueError)) return;
    Value text = kr_to_str(kr_take_exception());
    Value message = is_empty(text) ? EMPTY
                                   : kr_str_format("%U - Consider hexadecimal for huge integer "
                                                   "literals to avoid decimal conversion limits.",
                                                   text);
    if (is_empty(message)) return;
    SyntaxError error = {.kind = SYNTAX_ERROR,
                         .message = kr_str_utf8(message, NULL),
                         .has_position = true,
                         .lineno = node->lineno,
                         .col_offset = node->col_offset + 1,
                         .end_lineno = node->end_lineno,
                         .end_col_offset = node->end_col_offset + 1};
    kr_compile_raise(&error, w->filename);
}

static int add_node_class(Value module, NodeKind kind);

static Value to_object(Writer *w, const Node *node)
{
    const NodeInfo *info = kr_ast_info(node->kind);
    if (!node_types[node->kind] && add_node_class(EMPTY, node->kind) < 0) return EMPTY;
    if (kr_enter_recursion(" during ast construction") < 0) return EMPTY;
    Object *object = kr_alloc_instance(node_types[node->kind]);
    bool failed = !object;
    for (size_t i = 0; !failed && info->fields[i].name; i++) {
        const FieldInfo *f = &info->fields[i];
        const void *place = (const char *)node + f->offset;
        if (is_sequence(f) && (*(NodeSeq *const *)place)->count == 0 && !is_known(f->name))
            continue;
        Value v = is_sequence(f) ? sequence_to_object(w, f->type, *(NodeSeq *const *)place)
                                 : scalar_to_object(w, f->type, place);
        if (!is_empty(v) && is_none(v) && !is_known(f->name)) continue;
        failed = is_empty(v) || kr_attrs_set(object, field_names[node->kind][i], v) < 0;
    }
    kr_leave_recursion();
    if (failed) raise_literal(w, node);
    if (failed || (info->positions && set_positions(object, node) < 0)) return EMPTY;
    return from_object(object);
}

/* ---- From objects to the C tree ---- */

typedef struct Reader {
    Arena *arena;
    Names *names;
    Value keep; /* list of what CONSTANT_OBJECTs hold */
} Reader;

static int read_node(Reader *r, Value v, FieldType type, Node **out);

static int read_text(Reader *r, Value v, FieldType type, Identifier **out)
{
    *out = NULL;
    if (is_none(v)) return 0;
    if (type == FIELD_Identifier ? !is_exact(v, &kr_str_type)
                                 : !is_exact(v, &kr_str_type) && !is_exact(v, &kr_bytes_type)) {
        kr_raise(kr_TypeError, "AST %s must be of type str",
                 type == FIELD_Identifier ? "identifier" : "string");
        return -1;
    }
    if (is_bytes(v)) {
        *out = kr_ast_intern(r->names, (const char *)kr_bytes_data(v), kr_bytes_size(v));
        return 0;
    }
    size_t n;
    const char *text = kr_str_utf8(v, &n);
    if (!text) return -1;
    *out = kr_ast_intern(r->names, text, n);
    return 0;
}

static int read_str_constant(Reader *r, Value v, Constant *out)
{
    Value bytes = kr_str_encode(v, "utf-8", "surrogatepass");
    if (is_empty(bytes)) return -1;
    size_t points = kr_str_length(v);
    out->kind = CONSTANT_STR;
    out->ascii = kr_str_is_ascii(v);
    out->points = points > UINT32_MAX ? UINT32_MAX : (uint32_t)points;
    out->length = kr_bytes_size(bytes);
    out->bytes = kr_arena_strdup(r->arena, (const char *)kr_bytes_data(bytes), out->length);
    return 0;
}

/* What the parser could have made becomes the same Constant, for the compiler's sake (docstrings,
 * folding). */
static int read_constant(Reader *r, Value v, Constant *out)
{
    *out = (Constant){.kind = CONSTANT_OBJECT};
    if (is_none(v))
        out->kind = CONSTANT_NONE;
    else if (same(v, TRUE_VALUE))
        out->kind = CONSTANT_TRUE;
    else if (same(v, FALSE_VALUE))
        out->kind = CONSTANT_FALSE;
    else if (same(v, ELLIPSIS))
        out->kind = CONSTANT_ELLIPSIS;
    else if (is_int(v) && int_of(v) >= 0)
        out->kind = CONSTANT_INT, out->fits = true, out->base = 10, out->integer = int_of(v);
    else if (is_float(v))
        out->kind = CONSTANT_FLOAT, out->real = float_of(v);
    else if (is_exact(v, &kr_str_type))
        return read_str_constant(r, v, out);
    else if (is_exact(v, &kr_bytes_type)) {
        out->kind = CONSTANT_BYTES;
        out->length = kr_bytes_size(v);
        out->bytes = kr_arena_strdup(r->arena, (const char *)kr_bytes_data(v), out->length);
    } else if (is_exact(v, &kr_complex_type)) {
        double real, imaginary;
        if (kr_to_complex(v, &real, &imaginary) < 0) return -1;
        if (real == 0 && !__builtin_signbit(real)) out->kind = CONSTANT_IMAG, out->real = imaginary;
    }
    if (out->kind != CONSTANT_OBJECT) return 0;
    out->object = v.bits;
    return kr_list_append(r->keep, v);
}

static int read_int(Value v, int32_t *out)
{
    if (!kr_is_int(v)) {
        kr_raise(kr_ValueError, "invalid integer value: %R", v);
        return -1;
    }
    int n;
    if (kr_to_int32(v, &n) < 0) return -1;
    *out = n;
    return 0;
}

static int read_enum(Value v, FieldType type, unsigned *out)
{
    for (int i = 0; kr_ast_enum_name(type, i); i++) {
        int is =
            kr_isinstance(v, from_object(type_of(enum_instances[type - FIELD_ExprContext][i])));
        if (is < 0) return -1;
        if (!is) continue;
        *out = (unsigned)i;
        return 0;
    }
    kr_raise(kr_TypeError, "expected some sort of %s, but got %R", kr_ast_type_name(type), v);
    return -1;
}

static int read_scalar(Reader *r, Value v, FieldType type, void *place)
{
    switch (type) {
    case FIELD_Identifier:
    case FIELD_String: return read_text(r, v, type, place);
    case FIELD_Int: return read_int(v, place);
    case FIELD_Constant: return read_constant(r, v, place);
    default: return is_enum(type) ? read_enum(v, type, place) : read_node(r, v, type, place);
    }
}

static int read_sequence(Reader *r, Value v, const NodeInfo *info, const FieldInfo *f, void *place)
{
    if (!is_list(v)) {
        kr_raise(kr_TypeError, "%s field \"%s\" must be a list, not a %T", info->name, f->name, v);
        return -1;
    }
    size_t n = kr_list_size(v);
    NodeSeq *seq = kr_ast_sequence(r->arena, n, NULL);
    *(NodeSeq **)place = seq;
    for (size_t i = 0; i < n; i++) {
        void *item = &seq->items[i];
        if (f->type == FIELD_CmpOperator) item = &((CmpOperatorSeq *)seq)->items[i];
        if (read_scalar(r, kr_list_get(v, i), f->type, item) < 0) return -1;
        if (kr_list_size(v) != n) {
            kr_raise(kr_RuntimeError, "%s field \"%s\" changed size during iteration", info->name,
                     f->name);
            return -1;
        }
        /* Lists of statements and expressions are left to the checks. */
        if (f->type == FIELD_CmpOperator || f->type == FIELD_Stmt || f->type == FIELD_Expr ||
            seq->items[i])
            continue;
        kr_raise(kr_ValueError, "None disallowed in %s list", kr_ast_type_name(f->type));
        return -1;
    }
    return 0;
}

static int missing(const char *name, const char *owner)
{
    if (!kr_raised()) kr_raise(kr_TypeError, "required field \"%s\" missing from %s", name, owner);
    return -1;
}

static int read_fields(Reader *r, Value v, Node *node)
{
    const NodeInfo *info = kr_ast_info(node->kind);
    for (size_t i = 0; info->fields[i].name; i++) {
        const FieldInfo *f = &info->fields[i];
        void *place = (char *)node + f->offset;
        Value value = kr_find_attr(v, field_names[node->kind][i]);
        if (is_empty(value) && kr_raised()) return -1;
        if (is_sequence(f)) {
            *(void **)place = kr_ast_sequence(r->arena, 0, NULL);
            if (is_empty(value) && KRAIT_STDLIB_MINOR < 13 && is_known(f->name))
                return missing(f->name, info->name);
            if (!is_empty(value) && read_sequence(r, value, info, f, place) < 0) return -1;
        } else if (f->quantity == QUANTITY_OPT) {
            if (!is_empty(value) && !is_none(value) && read_scalar(r, value, f->type, place) < 0)
                return -1;
        } else {
            if (is_empty(value)) return missing(f->name, info->name);
            if (read_scalar(r, value, f->type, place) < 0) return -1;
        }
    }
    for (const FieldInfo *f = info->fields; f->name; f++) {
        if (f->quantity != QUANTITY_ONE || is_enum(f->type) || f->type == FIELD_Int ||
            f->type == FIELD_Constant)
            continue;
        if (*(void **)((char *)node + f->offset)) continue;
        kr_raise(kr_ValueError, "field '%s' is required for %s", f->name, info->name);
        return -1;
    }
    return 0;
}

static int read_positions(Value v, const char *owner, bool ends_required, Node *node)
{
    static const char *const names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    int32_t values[4];
    for (int i = 0; i < 4; i++) {
        Value value = kr_find_attr(v, kr_intern(names[i]));
        if (is_empty(value) && kr_raised()) return -1;
        if (i >= 2 && !ends_required && (is_empty(value) || is_none(value)))
            values[i] = values[i - 2];
        else if (is_empty(value))
            return missing(names[i], owner);
        else if (read_int(value, &values[i]) < 0)
            return -1;
    }
    node->lineno = values[0], node->col_offset = values[1];
    node->end_lineno = values[2], node->end_col_offset = values[3];
    return 0;
}

_Static_assert(FIELD_MatchCase - FIELD_Comprehension == PRODUCT_MatchCase - PRODUCT_Comprehension,
               "the products stand in one order in both enums");

/* The kind of an instance of one of our classes or of a subclass; NODE_KINDS for anything else,
 * -1 raised. */
static int node_kind_of(Value v)
{
    Value mro = type_of(v)->mro;
    for (size_t i = 0; i < kr_tuple_size(mro); i++) {
        Value kind = kr_dict_find(kinds, kr_tuple_get(mro, i));
        if (!is_empty(kind)) return (int)int_of(kind);
        if (kr_raised()) return -1;
    }
    return NODE_KINDS;
}

static int read_inside(Reader *r, Value v, FieldType type, Node **out)
{
    const char *owner = kr_ast_type_name(type);
    if (!sum_types[type]) {
        Node *node = kr_ast_new(r->arena, PRODUCT_Comprehension + (type - FIELD_Comprehension));
        if (read_fields(r, v, node) < 0) return -1;
        *out = node;
        return kr_ast_info(node->kind)->positions ? read_positions(v, owner, false, node) : 0;
    }
    Node position = {.kind = 0};
    bool ends_required = type == FIELD_Pattern || type == FIELD_TypeParam;
    bool positions = type != FIELD_Mod && type != FIELD_TypeIgnore;
    if (positions && read_positions(v, owner, ends_required, &position) < 0) return -1;
    int kind = node_kind_of(v);
    if (kind < 0) return -1;
    if (kind == NODE_KINDS || strcmp(kr_ast_info((NodeKind)kind)->sum, owner) != 0) {
        kr_raise(kr_TypeError, "expected some sort of %s, but got %R", owner, v);
        return -1;
    }
    Node *node = kr_ast_new(r->arena, (NodeKind)kind);
    if (positions) {
        position.kind = node->kind;
        *node = position;
    }
    *out = node;
    return read_fields(r, v, node);
}

static int read_node(Reader *r, Value v, FieldType type, Node **out)
{
    *out = NULL;
    if (is_none(v) && sum_types[type]) return 0;
    char where[64];
    snprintf(where, sizeof where, " while traversing '%s' node", kr_ast_type_name(type));
    if (kr_enter_recursion(where) < 0) return -1;
    int status = read_inside(r, v, type, out);
    kr_leave_recursion();
    return status;
}

/* ---- compile() ---- */

static int mode_of(Value mode, bool only_ast)
{
    if (kr_str_equal_ascii(mode, "exec")) return PARSE_EXEC;
    if (kr_str_equal_ascii(mode, "eval")) return PARSE_EVAL;
    if (kr_str_equal_ascii(mode, "single")) return PARSE_SINGLE;
    bool signature = kr_str_equal_ascii(mode, "func_type");
    if (signature && only_ast) return PARSE_FUNC_TYPE;
    if (signature)
        kr_raise(kr_ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    else
        kr_raise(kr_ValueError,
                 only_ast ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                          : "compile() mode must be 'exec', 'eval' or 'single'");
    return -1;
}

static Value parse_to_objects(Value source, Value filename, int mode, int flags)
{
    size_t size;
    Value keep;
    const char *text =
        kr_builtins_source_text(source, "compile", "string, bytes or AST", &size, &keep, &flags);
    if (!text) return EMPTY;
    Arena *arena = kr_arena_new();
    Mod *mod = kr_compile_parse(arena, text, size, filename, mode, flags);
    Writer w = {.constants = {.arena = arena, .keep = kr_list(NULL, 0)}, .filename = filename};
    Value result = mod && !is_empty(w.constants.keep) ? to_object(&w, (Node *)mod) : EMPTY;
    kr_arena_free(arena);
    return result;
}

static Value compile_objects(Value source, Value filename, int mode, int flags, int optimize)
{
    static const NodeKind wanted[] = {MOD_Module, MOD_Expression, MOD_Interactive};
    Type *type = node_types[wanted[mode]];
    int fits = kr_isinstance(source, from_object(type));
    if (fits < 0) return EMPTY;
    if (!fits) return kr_raise(kr_TypeError, "expected %N node, got %T", type, source);
    Reader r = {.arena = kr_arena_new(), .keep = kr_list(NULL, 0)};
    r.names = kr_ast_names_new(r.arena);
    Value result = EMPTY;
    Node *node = NULL;
    SyntaxError error = {.kind = SYNTAX_OK};
    if (!is_empty(r.keep) && read_node(&r, source, FIELD_Mod, &node) == 0 && node) {
        Mod *mod = (Mod *)node;
        mod->names = r.names;
        Code *code = kr_ast_validate(mod) < 0
                         ? NULL
                         : kr_compile(mod, r.arena, filename, optimize, flags, &error);
        if (code)
            result = from_object(code);
        else
            kr_compile_raise(&error, filename);
    }
    if (!is_empty(result) && kr_compile_observe) kr_compile_observe(object_of(result));
    kr_arena_free(r.arena);
    return result;
}

static Value compile_hook(Value source, Value filename, Value mode, int flags, int optimize,
                          bool *handled)
{
    bool is_tree = kr_is_a(source, ast_type), only_ast = flags & COMPILE_ONLY_AST;
    *handled = is_tree || only_ast;
    if (!*handled) return EMPTY;
    int parse_mode = mode_of(mode, only_ast);
    if (parse_mode < 0) return EMPTY;
    if (!is_tree) return parse_to_objects(source, filename, parse_mode, flags);
    return only_ast ? source : compile_objects(source, filename, parse_mode, flags, optimize);
}

/* ---- The classes ---- */

static const char *const position_names[] = {"lineno", "col_offset", "end_lineno",
                                             "end_col_offset"};

static Value names_tuple(const char *const *names, size_t n)
{
    Value items[16];
    for (size_t i = 0; i < n; i++) items[i] = kr_intern(names[i]);
    return kr_tuple(items, n);
}

/* A class in the namespace `dict` (the doc and attributes of its own), known to the module unless
 * it is newer. */
static Type *add_class(Value module, const char *name, Type *base, Value dict,
                       const char *const *fields, size_t n)
{
    Value tuple = names_tuple(fields, n);
    if (is_empty(dict) || is_empty(tuple) || kr_dict_set_ascii(dict, "_fields", tuple) < 0 ||
        kr_dict_set_ascii(dict, "__match_args__", tuple) < 0 ||
        kr_dict_set_ascii(dict, "__module__", kr_intern("ast")) < 0)
        return NULL;
    Value type =
        kr_type_build(&kr_type_type, kr_intern(name), kr_tuple_of(1, from_object(base)), dict);
    if (is_empty(type) || kr_list_append(kept, type) < 0) return NULL;
    if (is_known(name) && kr_module_add(module, name, type) < 0) return NULL;
    return object_of(type);
}

static int add_signature(KrText *text, const NodeInfo *info)
{
    kr_text_add_ascii(text, info->name);
    const char *separator = "(";
    static const char *const marks[] = {"", "?", "*", "*"};
    for (const FieldInfo *f = info->fields; f->name; f++) {
        if (!is_known(f->name)) continue;
        kr_text_add_format(text, "%s%s%s %s", separator, kr_ast_type_name(f->type),
                           marks[f->quantity], f->name);
        separator = ", ";
    }
    return kr_text_add_ascii(text, separator[0] == ',' ? ")" : "");
}

/* The attributes that a class with positions declares. */
static int declare_positions(Value dict, bool positions, bool ends_required)
{
    if (kr_dict_set_ascii(dict, "_attributes", names_tuple(position_names, positions ? 4 : 0)) < 0)
        return -1;
    for (int i = 2; positions && !ends_required && i < 4; i++)
        if (kr_dict_set_ascii(dict, position_names[i], NONE) < 0) return -1;
    return 0;
}

static Value documented(KrText *text)
{
    Value dict = kr_dict(), doc = kr_text_finish(text);
    return is_empty(dict) || is_empty(doc) || kr_dict_set_ascii(dict, "__doc__", doc) < 0 ? EMPTY
                                                                                          : dict;
}

/* The base class of a sum; its docstring lists the constructors. */
static int add_sum(Value module, FieldType type)
{
    const char *name = kr_ast_type_name(type);
    KrText text;
    kr_text_init(&text);
    kr_text_add_format(&text, "%s = ", name);
    bool first = true, positions = false;
    for (int kind = 0; kind < NODE_KINDS; kind++) {
        const NodeInfo *info = kr_ast_info((NodeKind)kind);
        if (strcmp(info->sum, name) != 0 || !is_known(info->name)) continue;
        if (!first) kr_text_add_format(&text, "\n%*s| ", (int)strlen(name) + 1, "");
        add_signature(&text, info);
        first = false;
        positions = info->positions;
    }
    Value dict = documented(&text);
    bool ends_required = type == FIELD_Pattern || type == FIELD_TypeParam;
    if (is_empty(dict) || declare_positions(dict, positions, ends_required) < 0) return -1;
    sum_types[type] = add_class(module, name, ast_type, dict, NULL, 0);
    return sum_types[type] ? 0 : -1;
}

static int add_node_class(Value module, NodeKind kind)
{
    const NodeInfo *info = kr_ast_info(kind);
    Type *base = ast_type;
    for (int i = 0; i < FIELD_FIRST_SCALAR; i++)
        if (sum_types[i] && strcmp(kr_ast_type_name((FieldType)i), info->sum) == 0)
            base = sum_types[i];
    KrText text;
    kr_text_init(&text);
    add_signature(&text, info);
    Value dict = documented(&text);
    if (is_empty(dict) || (base == ast_type && declare_positions(dict, info->positions, false) < 0))
        return -1;
    const char *fields[16];
    size_t n = 0, count = 0;
    while (info->fields[count].name) count++;
    field_names[kind] = malloc((count + 1) * sizeof(Value));
    if (!field_names[kind]) {
        kr_raise_no_memory();
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        const FieldInfo *f = &info->fields[i];
        field_names[kind][i] = kr_intern(f->name);
        if (!is_known(f->name)) continue;
        fields[n++] = f->name;
        if (f->quantity == QUANTITY_OPT && kr_dict_set_ascii(dict, f->name, NONE) < 0) return -1;
    }
    node_types[kind] = add_class(module, info->name, base, dict, fields, n);
    if (!node_types[kind]) return -1;
    return kr_dict_set(kinds, from_object(node_types[kind]), from_small_int(kind));
}

static int add_enum(Value module, FieldType type)
{
    int e = type - FIELD_ExprContext;
    KrText text;
    kr_text_init(&text);
    kr_text_add_ascii(&text, kr_ast_type_name(type));
    for (int i = 0; kr_ast_enum_name(type, i); i++)
        kr_text_add_format(&text, "%s%s", i ? " | " : " = ", kr_ast_enum_name(type, i));
    Value dict = documented(&text);
    if (is_empty(dict) || declare_positions(dict, false, false) < 0) return -1;
    enum_bases[e] = add_class(module, kr_ast_type_name(type), ast_type, dict, NULL, 0);
    if (!enum_bases[e]) return -1;
    for (int i = 0; kr_ast_enum_name(type, i); i++) {
        const char *name = kr_ast_enum_name(type, i);
        Value own = kr_dict();
        if (is_empty(own) || kr_dict_set_ascii(own, "__doc__", kr_str(name)) < 0) return -1;
        Type *class = add_class(module, name, enum_bases[e], own, NULL, 0);
        void *instance = class ? kr_alloc_instance(class) : NULL;
        if (!instance || kr_list_append(kept, from_object(instance)) < 0) return -1;
        enum_instances[e][i] = from_object(instance);
    }
    return 0;
}

static int ast_exec(Value module)
{
    static const KrTypeSpec spec = {.name = "ast.AST",
                                    .size = sizeof(Object),
                                    .flags = KR_TYPE_DICT,
                                    .functions = ast_functions,
                                    .slots = {.make = ast_make, .init = ast_init}};
    kr_root(&kinds), kr_root(&kept);
    kinds = kr_dict();
    kept = kr_list(NULL, 0);
    ast_type = is_empty(kinds) || is_empty(kept) ? NULL : kr_type_new(&spec);
    if (!ast_type || kr_list_append(kept, from_object(ast_type)) < 0 ||
        kr_module_add_type(module, ast_type) < 0)
        return -1;
    Value dict = kr_type_dict(ast_type), none = kr_tuple(NULL, 0);
    static const char *const empties[] = {"_fields", "__match_args__", "_attributes"};
    for (int i = 0; i < 3; i++)
        if (kr_dict_set_ascii(dict, empties[i], none) < 0) return -1;
    for (int type = FIELD_Mod; type <= FIELD_TypeParam; type++)
        if (add_sum(module, (FieldType)type) < 0) return -1;
    for (int type = FIELD_ExprContext; type < FIELD_TYPES; type++)
        if (add_enum(module, (FieldType)type) < 0) return -1;
    for (int kind = 0; kind < NODE_KINDS; kind++)
        if (is_known(kr_ast_info((NodeKind)kind)->name) &&
            add_node_class(module, (NodeKind)kind) < 0)
            return -1;
    if (kr_module_add_int(module, "PyCF_ONLY_AST", COMPILE_ONLY_AST) < 0 ||
        kr_module_add_int(module, "PyCF_TYPE_COMMENTS", COMPILE_TYPE_COMMENTS) < 0 ||
        kr_module_add_int(module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", COMPILE_TOP_LEVEL_AWAIT) < 0)
        return -1;
    kr_compile_hook = compile_hook;
    return 0;
}

KR_MODULE(_ast) = {
    .api_version = KR_API_VERSION,
    .name = "_ast",
    .exec = ast_exec,
};
