# Includes run downwards only: runtime's folders in their order, jit above runtime through jit.h and
# the public header, modules on the public header alone.
cd "$SOURCE" || exit 1
awk '
BEGIN {
    n = split("value threads memory text objects syntax compile vm main", order, " ")
    for (i = 1; i <= n; i++) rank[order[i]] = i
}
function folder(path, part) {
    if (split(path, part, "/") >= 3 && part[1] == "runtime") return part[2]
    if (path == "runtime/krait.h" || path == "runtime/value.h") return "value"
    return "main"
}
FNR == 1 { own = folder(FILENAME); area = FILENAME; sub("/.*", "", area) }
/^ *# *include "/ {
    path = $0
    sub(/^[^"]*"/, "", path)
    sub(/".*/, "", path)
    bad = 0
    if (path == "config.h" || path == "runtime/version.h" || path ~ /\.def$/) next
    if (path == "runtime/vm/opcodes.h") next # generated: the instruction set that compile emits
    if (area == "runtime" && path ~ /^jit\// && path != "jit/jit.h") bad = 1
    if (area == "runtime" && path ~ /^modules\// ) bad = 1
    if (area == "runtime" && path ~ /^runtime\// && rank[folder(path)] > rank[own]) bad = 1
    if (area == "modules" && path ~ /^(runtime|jit)\// && path != "runtime/krait.h") bad = 1
    if (bad) { print FILENAME ":" FNR ": includes " path; wrong++ }
}
END { exit wrong > 0 }
' $(find runtime modules -name '*.[ch]' | sort)
