# Collects the native functions and properties defined in one C file into tables.
# Input: the file. Output: its .entries.h, included at its end: for every table name T used in it,
# T_functions[] and T_getset[], each ended by NULL.
/^KR_(FN|FN_RAW|CLASSMETHOD|STATICMETHOD|TYPED|GETSET)\(/ {
    line = macro = $0
    sub(/^[^(]*\(/, "", line)
    while (line !~ /,.*,/ && (getline more) > 0) line = line more # the formatter may break the line
    sub(/^[ ]*/, "", line)
    split(line, part, /[ ]*,[ ]*/)
    table = part[1]; fn = part[2]
    if (!(table in seen)) { seen[table] = 1; order[++tables] = table }
    if (macro ~ /^KR_GETSET/) getset[table] = getset[table] "    &" fn "_getset,\n"
    else functions[table] = functions[table] "    &" fn "_entry,\n"
}
END {
    for (i = 1; i <= tables; i++) {
        t = order[i]
        printf "static const KrFunction *const %s_functions[] KR_UNUSED = {\n%s    NULL,\n};\n", t, functions[t]
        printf "static const KrGetSet *const %s_getset[] KR_UNUSED = {\n%s    NULL,\n};\n", t, getset[t]
    }
}
