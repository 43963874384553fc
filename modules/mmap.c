/* mmap.c: the mmap module: files and anonymous memory as a mutable sequence of bytes.
 *
 * A map that exports buffers cannot be closed or resized: the memory would vanish under a view. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/support.h"

enum { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY };

typedef struct Map {
    KrObject head;
    char *data; /* NULL: closed */
    int64_t size, position, offset;
    int fd; /* a duplicate, or -1: anonymous */
    int access;
    int64_t exports;
} Map;

static KrType *mmap_type;

static Map *map_of(KrValue v) { return kr_to_object(v); }

static Map *open_map(KrValue v)
{
    if (map_of(v)->data) return map_of(v);
    kr_raise(kr_ValueError, "mmap closed or invalid");
    return NULL;
}

static Map *writable_map(KrValue v)
{
    Map *m = open_map(v);
    if (!m || m->access != ACCESS_READ) return m;
    kr_raise(kr_TypeError, "mmap can't modify a readonly memory map.");
    return NULL;
}

/* No views may look at memory that goes away. */
static int refuse_exports(Map *m, const char *message, KrType *type)
{
    if (m->exports > 0) kr_collect(); /* views that nobody can reach export no longer */
    if (m->exports == 0) return 0;
    kr_raise(type, "%s", message);
    return -1;
}

static void unmap(Map *m)
{
    if (m->data) munmap(m->data, (size_t)m->size);
    if (m->fd >= 0) close(m->fd);
    m->data = NULL;
    m->fd = -1;
}
static void map_release(void *self) { unmap(self); }

/* ---- Making ---- */

static const KrFunction constructor = {
    "mmap", "(fileno, length, flags=1, prot=3, access=0, offset=0)", NULL, NULL, KR_KIND_BOUND,
    NULL};

static KrValue mmap_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue a[6];
    int fd, flags, protection, access;
    int64_t length, offset;
    if (kr_bind(&constructor, args, n, kwnames, a) < 0 || kr_to_int32(a[0], &fd) < 0 ||
        kr_to_index(a[1], &length) < 0 || kr_to_int32(a[2], &flags) < 0 ||
        kr_to_int32(a[3], &protection) < 0 || kr_to_int32(a[4], &access) < 0 ||
        kr_to_int64(a[5], &offset) < 0)
        return KR_EMPTY;
    if (length < 0) return kr_raise(kr_OverflowError, "memory mapped length must be positive");
    if (offset < 0) return kr_raise(kr_OverflowError, "memory mapped offset must be positive");
    if (access != ACCESS_DEFAULT && (flags != MAP_SHARED || protection != (PROT_READ | PROT_WRITE)))
        return kr_raise(kr_ValueError, "mmap can't specify both access and flags, prot.");
    switch (access) {
    case ACCESS_READ: flags = MAP_SHARED, protection = PROT_READ; break;
    case ACCESS_WRITE: flags = MAP_SHARED, protection = PROT_READ | PROT_WRITE; break;
    case ACCESS_COPY: flags = MAP_PRIVATE, protection = PROT_READ | PROT_WRITE; break;
    case ACCESS_DEFAULT:
        if (!(protection & PROT_WRITE)) access = ACCESS_READ;
        break;
    default: return kr_raise(kr_ValueError, "mmap invalid access parameter.");
    }
    if (access == ACCESS_READ && (protection & PROT_WRITE)) access = ACCESS_DEFAULT;
    struct stat status;
    if (fd != -1 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        if (length == 0) {
            if (status.st_size == 0) return kr_raise(kr_ValueError, "cannot mmap an empty file");
            if (offset >= status.st_size)
                return kr_raise(kr_ValueError, "mmap offset is greater than file size");
            length = status.st_size - offset;
        } else if (offset > status.st_size || status.st_size - offset < length) {
            return kr_raise(kr_ValueError, "mmap length is greater than file size");
        }
    }
    Map *m = kr_alloc_instance(type);
    if (!m) return KR_EMPTY;
    m->fd = -1;
    m->size = length;
    m->offset = offset;
    m->access = access;
    if (fd == -1)
        flags |= MAP_ANONYMOUS;
    else if ((m->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0)
        return raise_errno();
    void *data = mmap(NULL, (size_t)length, protection, flags, fd, offset);
    if (data == MAP_FAILED) return raise_errno();
    m->data = data;
    return kr_from_object(m);
}

KR_FN(mmap, mmap_close, "close", "(self, /)", NULL)
{
    if (refuse_exports(map_of(a[0]), "cannot close exported pointers exist", kr_BufferError) < 0)
        return KR_EMPTY;
    unmap(map_of(a[0]));
    return kr_None;
}
KR_FN(mmap, mmap_enter, "__enter__", "(self, /)", NULL) { return open_map(a[0]) ? a[0] : KR_EMPTY; }
KR_FN(mmap, mmap_exit, "__exit__", "(self, *args)", NULL) { return mmap_close(a); }

/* ---- As a file ---- */

KR_FN(mmap, mmap_read, "read", "(self, n=None, /)", NULL)
{
    Map *m = open_map(a[0]);
    int64_t n = INT64_MAX;
    if (!m || (!kr_is(a[1], kr_None) && kr_to_index(a[1], &n) < 0) || !(m = open_map(a[0])))
        return KR_EMPTY;
    int64_t left = m->position < m->size ? m->size - m->position : 0;
    if (n < 0 || n > left) n = left;
    KrValue bytes = kr_bytes(n ? m->data + m->position : "", (size_t)n);
    m->position += n;
    return bytes;
}
KR_FN(mmap, mmap_read_byte, "read_byte", "(self, /)", NULL)
{
    Map *m = open_map(a[0]);
    if (!m) return KR_EMPTY;
    if (m->position >= m->size) return kr_raise(kr_ValueError, "read byte out of range");
    return kr_int((uint8_t)m->data[m->position++]);
}
KR_FN(mmap, mmap_readline, "readline", "(self, /)", NULL)
{
    Map *m = open_map(a[0]);
    if (!m) return KR_EMPTY;
    if (m->position >= m->size) return kr_bytes("", 0);
    char *start = m->data + m->position,
         *end = memchr(start, '\n', (size_t)(m->size - m->position));
    size_t n = end ? (size_t)(end - start) + 1 : (size_t)(m->size - m->position);
    m->position += (int64_t)n;
    return kr_bytes(start, n);
}
KR_FN(mmap, mmap_write, "write", "(self, bytes, /)", NULL)
{
    KrBuffer view;
    if (!open_map(a[0]) || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    Map *m = writable_map(a[0]);
    int64_t n = view.size;
    if (m && (m->position > m->size || m->size - m->position < n)) {
        kr_raise(kr_ValueError, "data out of range");
        m = NULL;
    }
    if (m && n) memmove(m->data + m->position, view.data, (size_t)n);
    if (m) m->position += n;
    kr_buffer_release(&view);
    return m ? kr_int(n) : KR_EMPTY;
}
KR_FN(mmap, mmap_write_byte, "write_byte", "(self, byte, /)", NULL)
{
    int64_t byte;
    if (kr_to_int64(a[1], &byte) < 0) return KR_EMPTY;
    if (byte < 0 || byte > 255)
        return kr_raise(kr_OverflowError, byte < 0
                                              ? "unsigned byte integer is less than minimum"
                                              : "unsigned byte integer is greater than maximum");
    Map *m = writable_map(a[0]);
    if (!m) return KR_EMPTY;
    if (m->position >= m->size) return kr_raise(kr_ValueError, "write byte out of range");
    m->data[m->position++] = (char)byte;
    return kr_None;
}
KR_FN(mmap, mmap_seek, "seek", "(self, pos, whence=0, /)", NULL)
{
    Map *m = open_map(a[0]);
    int64_t to;
    int whence;
    if (!m || kr_to_index(a[1], &to) < 0 || kr_to_int32(a[2], &whence) < 0 || !(m = open_map(a[0])))
        return KR_EMPTY;
    int64_t base = whence == 0 ? 0 : whence == 1 ? m->position : m->size;
    if (whence < 0 || whence > 2) return kr_raise(kr_ValueError, "unknown seek type");
    if (__builtin_add_overflow(to, base, &to) || to < 0 || to > m->size)
        return kr_raise(kr_ValueError, "seek out of range");
    m->position = to;
    return kr_None;
}
KR_FN(mmap, mmap_tell, "tell", "(self, /)", NULL)
{
    Map *m = open_map(a[0]);
    return m ? kr_int(m->position) : KR_EMPTY;
}
KR_FN(mmap, mmap_size, "size", "(self, /)", NULL)
{
    Map *m = open_map(a[0]);
    struct stat status;
    if (!m) return KR_EMPTY;
    if (m->fd < 0) return kr_int(m->size);
    return fstat(m->fd, &status) < 0 ? raise_errno() : kr_int(status.st_size);
}

/* ---- Searching and moving ---- */

static KrValue find(const KrValue *a, bool backwards)
{
    Map *m = open_map(a[0]);
    KrBuffer view;
    if (!m) return KR_EMPTY;
    int64_t start = backwards ? 0 : m->position, end = m->size;
    start = m->position;
    if ((!kr_is_empty(a[2]) && kr_to_index_clamped(a[2], &start) < 0) ||
        (!kr_is_empty(a[3]) && kr_to_index_clamped(a[3], &end) < 0) ||
        kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    m = open_map(a[0]);
    int64_t found = -1;
    if (m) {
        if (start < 0) start = start + m->size < 0 ? 0 : start + m->size;
        if (end < 0) end = end + m->size < 0 ? 0 : end + m->size;
        if (start > m->size) start = m->size;
        if (end > m->size) end = m->size;
        if (!backwards && end - start >= view.size) {
            char *at = memmem(m->data + start, (size_t)(end - start), view.data, (size_t)view.size);
            if (at) found = at - m->data;
        }
        for (int64_t i = end - view.size; backwards && i >= start && found < 0; i--)
            if (memcmp(m->data + i, view.data, (size_t)view.size) == 0) found = i;
    }
    kr_buffer_release(&view);
    return m ? kr_int(found) : KR_EMPTY;
}
KR_FN(mmap, mmap_find, "find", "(self, sub, start=<unset>, end=<unset>, /)", NULL)
{
    return find(a, false);
}
KR_FN(mmap, mmap_rfind, "rfind", "(self, sub, start=<unset>, end=<unset>, /)", NULL)
{
    return find(a, true);
}

KR_FN(mmap, mmap_move, "move", "(self, dest, src, count, /)", NULL)
{
    int64_t to, from, count;
    if (kr_to_index(a[1], &to) < 0 || kr_to_index(a[2], &from) < 0 || kr_to_index(a[3], &count) < 0)
        return KR_EMPTY;
    Map *m = writable_map(a[0]);
    if (!m) return KR_EMPTY;
    if (to < 0 || from < 0 || count < 0 || m->size - to < count || m->size - from < count)
        return kr_raise(kr_ValueError, "source, destination, or count out of range");
    memmove(m->data + to, m->data + from, (size_t)count);
    return kr_None;
}

static int range_arguments(Map *m, KrValue first, KrValue second, int64_t *start, int64_t *length)
{
    *start = 0;
    if (!kr_is_empty(first) && kr_to_index(first, start) < 0) return -1;
    *length = m->size - *start;
    return kr_is_empty(second) ? 0 : kr_to_index(second, length);
}

KR_FN(mmap, mmap_flush, "flush", "(self, offset=<unset>, size=<unset>, /)", NULL)
{
    Map *m = open_map(a[0]);
    int64_t offset, size;
    if (!m || range_arguments(m, a[1], kr_is_empty(a[1]) ? KR_EMPTY : a[2], &offset, &size) < 0)
        return KR_EMPTY;
    if (offset < 0 || size < 0 || m->size - offset < size)
        return kr_raise(kr_ValueError, "flush values out of range");
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY) return kr_None;
    return msync(m->data + offset, (size_t)size, MS_SYNC) < 0 ? raise_errno() : kr_None;
}
KR_FN(mmap, mmap_madvise, "madvise", "(self, option, start=<unset>, length=<unset>, /)", NULL)
{
    Map *m = open_map(a[0]);
    int option;
    int64_t start, length;
    if (!m || kr_to_int32(a[1], &option) < 0 || range_arguments(m, a[2], a[3], &start, &length) < 0)
        return KR_EMPTY;
    if (start < 0 || start >= m->size)
        return kr_raise(kr_ValueError, "madvise start out of bounds");
    if (length < 0) return kr_raise(kr_ValueError, "madvise length invalid");
    if (INT64_MAX - start < length) return kr_raise(kr_OverflowError, "madvise length too large");
    if (start + length > m->size) length = m->size - start;
    return madvise(m->data + start, (size_t)length, option) < 0 ? raise_errno() : kr_None;
}
KR_FN(mmap, mmap_resize, "resize", "(self, newsize, /)", NULL)
{
    int64_t size;
    if (kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    Map *m = open_map(a[0]);
    if (!m) return KR_EMPTY;
    if (refuse_exports(m, "mmap can't resize with extant pointers exported.", kr_BufferError) < 0)
        return KR_EMPTY;
    if (m->access != ACCESS_WRITE && m->access != ACCESS_DEFAULT)
        return kr_raise(kr_TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
    if (size < 0 || INT64_MAX - size < m->offset)
        return kr_raise(kr_ValueError, "new size out of range");
    if (m->fd >= 0 && ftruncate(m->fd, m->offset + size) < 0) return raise_errno();
    void *data = mremap(m->data, (size_t)m->size, (size_t)size, MREMAP_MAYMOVE);
    if (data == MAP_FAILED) return raise_errno();
    m->data = data;
    m->size = size;
    return kr_None;
}

/* ---- As a sequence ---- */

static int64_t mmap_length(KrValue self)
{
    Map *m = open_map(self);
    return m ? m->size : -1;
}

static int index_of(KrValue key, int64_t *i)
{
    if (kr_to_index(key, i) < 0) return -1;
    return 0;
}

static KrValue mmap_getitem(KrValue self, KrValue key)
{
    Map *m = open_map(self);
    if (!m) return KR_EMPTY;
    if (kr_is_slice(key)) {
        int64_t start, stop, step, count;
        if (kr_slice_resolve(key, m->size, &start, &stop, &step, &count) < 0 ||
            !(m = open_map(self)))
            return KR_EMPTY;
        KrValue bytes = kr_bytes(NULL, (size_t)count);
        for (int64_t i = 0; !kr_is_empty(bytes) && i < count; i++)
            kr_bytes_data(bytes)[i] = (uint8_t)m->data[start + i * step];
        return bytes;
    }
    int64_t i;
    if (!kr_has_index(key)) return kr_raise(kr_TypeError, "mmap indices must be integers");
    if (index_of(key, &i) < 0 || !(m = open_map(self))) return KR_EMPTY;
    if (i < 0) i += m->size;
    if (i < 0 || i >= m->size) return kr_raise(kr_IndexError, "mmap index out of range");
    return kr_int((uint8_t)m->data[i]);
}

static int mmap_setitem(KrValue self, KrValue key, KrValue value)
{
    Map *m = writable_map(self);
    if (!m) return -1;
    if (kr_is_empty(value))
        return kr_raise(kr_TypeError, "mmap object doesn't support %s deletion",
                        kr_is_slice(key) ? "slice" : "item"),
               -1;
    if (kr_is_slice(key)) {
        int64_t start, stop, step, count;
        KrBuffer view;
        if (kr_slice_resolve(key, m->size, &start, &stop, &step, &count) < 0 ||
            kr_buffer_get(value, &view, KR_BUFFER_READ) < 0)
            return -1;
        m = writable_map(self);
        bool fits = view.size == count;
        if (m && !fits) kr_raise(kr_IndexError, "mmap slice assignment is wrong size");
        for (int64_t i = 0; m && fits && i < count; i++)
            m->data[start + i * step] = ((char *)view.data)[i];
        kr_buffer_release(&view);
        return m && fits ? 0 : -1;
    }
    int64_t i, byte;
    if (!kr_has_index(key)) return kr_raise(kr_TypeError, "mmap indices must be integers"), -1;
    if (index_of(key, &i) < 0) return -1;
    if (i < 0) i += m->size;
    if (i < 0 || i >= m->size) return kr_raise(kr_IndexError, "mmap index out of range"), -1;
    if (!kr_has_index(value)) return kr_raise(kr_TypeError, "mmap item value must be an int"), -1;
    if (kr_to_index(value, &byte) < 0 || !(m = writable_map(self))) return -1;
    if (byte < 0 || byte > 255)
        return kr_raise(kr_ValueError, "mmap item value must be in range(0, 256)"), -1;
    m->data[i] = (char)byte;
    return 0;
}

static int mmap_buffer(KrValue self, KrBuffer *buffer, int flags)
{
    Map *m = open_map(self);
    if (!m) return -1;
    if (flags & KR_BUFFER_WRITE && m->access == ACCESS_READ)
        return kr_raise(kr_BufferError, "Object is not writable."), -1;
    buffer->data = m->data;
    buffer->owner = self;
    buffer->size = m->size;
    buffer->item_size = 1;
    buffer->rank = 1;
    buffer->read_only = m->access == ACCESS_READ;
    m->exports++;
    return 0;
}
static void mmap_buffer_release(KrValue self, KR_UNUSED KrBuffer *buffer)
{
    map_of(self)->exports--;
}

static KrValue mmap_repr(KrValue self)
{
    static const char *const access[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE",
                                         "ACCESS_COPY"};
    Map *m = map_of(self);
    if (!m->data) return kr_str_format("<%T closed=True>", self);
    return kr_str_format("<%T closed=False, access=%s, length=%lld, pos=%lld, offset=%lld>", self,
                         access[m->access], (long long)m->size, (long long)m->position,
                         (long long)m->offset);
}

static KrValue mmap_closed(KrValue self) { return kr_bool(!map_of(self)->data); }
KR_GETSET(mmap, mmap_closed, NULL, "closed", NULL)

#include "modules/mmap.entries.h"

static int mmap_exec(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "mmap.mmap",
        .size = sizeof(Map),
        .functions = mmap_functions,
        .getset = mmap_getset,
        .release = map_release,
        .doc = "Unix: mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\nMaps length "
               "bytes from the file specified by the file "
               "descriptor fileno,\nand returns a mmap object.  If length is 0, the maximum length "
               "of the map\nwill be the current size of the "
               "file when mmap is called.",
        .slots = {.make = mmap_make,
                  .repr = mmap_repr,
                  .length = mmap_length,
                  .getitem = mmap_getitem,
                  .setitem = mmap_setitem,
                  .buffer = mmap_buffer,
                  .buffer_release = mmap_buffer_release}};
#define C(name)     \
    {               \
#name, name \
    }
    static const IntConstant constants[] = {
        C(ACCESS_DEFAULT), C(ACCESS_READ),      C(ACCESS_WRITE),   C(ACCESS_COPY),
        C(PROT_EXEC),      C(PROT_READ),        C(PROT_WRITE),     C(MAP_SHARED),
        C(MAP_PRIVATE),    C(MAP_DENYWRITE),    C(MAP_EXECUTABLE), C(MAP_ANON),
        C(MAP_ANONYMOUS),  C(MAP_POPULATE),     C(MAP_STACK),      C(MADV_NORMAL),
        C(MADV_RANDOM),    C(MADV_SEQUENTIAL),  C(MADV_WILLNEED),  C(MADV_DONTNEED),
        C(MADV_REMOVE),    C(MADV_DONTFORK),    C(MADV_DOFORK),    C(MADV_HWPOISON),
        C(MADV_MERGEABLE), C(MADV_UNMERGEABLE), C(MADV_HUGEPAGE),  C(MADV_NOHUGEPAGE),
        C(MADV_DONTDUMP),  C(MADV_DODUMP),      C(MADV_FREE),      {NULL, 0}};
#undef C
    mmap_type = kr_type_new(&spec);
    if (!mmap_type || kr_module_add_type(module, mmap_type) < 0 ||
        add_constants(module, constants) < 0)
        return -1;
    int64_t page = sysconf(_SC_PAGESIZE);
    if (kr_module_add_int(module, "PAGESIZE", page) < 0 ||
        kr_module_add_int(module, "ALLOCATIONGRANULARITY", page) < 0)
        return -1;
    return kr_module_add(module, "error", kr_type_value(kr_OSError));
}

KR_MODULE(mmap) = {.api_version = KR_API_VERSION, .name = "mmap", .exec = mmap_exec};
