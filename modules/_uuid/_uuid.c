/* _uuid.c: time-based UUIDs from libuuid, which asks its daemon so that none is given out twice. */
#include <uuid/uuid.h>

#include "modules/support.h"

KR_FN(uuid, fn_generate_time_safe, "generate_time_safe", "()",
      "The bytes of a UUID, and 0 when it was made safely.")
{
    uuid_t id;
    kr_detach();
    int safe = uuid_generate_time_safe(id);
    kr_attach();
    return kr_tuple_of(2, kr_bytes(id, sizeof id), kr_int(safe));
}

#include "modules/_uuid/_uuid.entries.h"

static int uuid_exec(KrValue module)
{
    return kr_module_add_int(module, "has_uuid_generate_time_safe", 1);
}

KR_MODULE(_uuid) = {
    .api_version = KR_API_VERSION, .name = "_uuid", .functions = uuid_functions, .exec = uuid_exec};
