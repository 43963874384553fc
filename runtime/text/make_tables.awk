# Reads the files of the Unicode Character Database that make_tables.sh lists and prints
# unicode_tables.c. Portable awk: no strtonum, no bit operations, no arrays of arrays.
#
# Every property that is a range in the input is kept per code point only for the code points that
# have it; the records are formed when UnicodeData.txt (read last) names the code point.

function hex(s,    i, v) {
    v = 0
    for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
    return v
}

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

# Sets lo and hi from "0041..005A" or "0041".
function range(s,    p) {
    s = trim(s)
    p = index(s, "..")
    if (p) { lo = hex(substr(s, 1, p - 1)); hi = hex(substr(s, p + 2)) }
    else lo = hi = hex(s)
}

# Maps "0041 0308" to "2,65,776".
function sequence(s,    n, w, i, r) {
    n = split(trim(s), w, " ")
    r = n
    for (i = 1; i <= n; i++) r = r "," hex(w[i])
    return r
}

function number_of(table, key) {
    if (!((table, key) in intern)) {
        intern[table, key] = interned[table] + 0
        interned_text[table, interned[table] + 0] = key
        interned[table]++
    }
    return intern[table, key]
}

# --- output of long lists ---
function list_begin(head) { printf "%s = {", head; column = 999 }
function list_item(s) {
    s = s ","
    if (column + length(s) > 98) { printf "\n    "; column = 4 }
    printf "%s", s
    column += length(s)
}
function list_end() { printf "\n};\n\n" }
function text_begin(head) { printf "%s =", head; pending = "" }
function text_item(s) {
    pending = pending s
    while (length(pending) > 90) {
        printf "\n    \"%s\"", substr(pending, 1, 90)
        pending = substr(pending, 91)
    }
}
function text_end() { printf "\n    \"%s\";\n\n", pending }

BEGIN {
    split("ALPHA LOWER UPPER TITLE SPACE LINE_BREAK PRINTABLE XID_START XID_CONTINUE MIRRORED " \
          "CASED CASE_IGNORABLE", names, " ")
    for (i = 1; i <= 12; i++) bit[names[i]] = 2 ^ (i - 1)
    property["Lowercase"] = "LOWER"; property["Uppercase"] = "UPPER"
    property["XID_Start"] = "XID_START"; property["XID_Continue"] = "XID_CONTINUE"
    property["Cased"] = "CASED"; property["Case_Ignorable"] = "CASE_IGNORABLE"
    quick["NFC_QC"] = 0; quick["NFD_QC"] = 1; quick["NFKC_QC"] = 2; quick["NFKD_QC"] = 3
    n = split("10 11 12 13 28 29 30 133 8232 8233", w, " ")
    for (i = 1; i <= n; i++) line_break[w[i]] = 1
    number_of("category", "Cn"); number_of("bidi", ""); number_of("width", "N")
    number_of("tag", "")
    # Record 0 is the unassigned code point.
    record = "0,0,0,0,0,-1,-1,0,0,0,0,0,0,0"
    number_of("record", record)
    decomp_size = 1; decomp_text[0] = "0"
    special_size = 1; special_text[0] = "0"
}

FNR == 1 {
    n = split(FILENAME, w, "/"); file = w[n]
    if (file == "DerivedCoreProperties.txt") {
        match($0, /[0-9]+\.[0-9]+\.[0-9]+/)
        version = substr($0, RSTART, RLENGTH)
    }
}

/^[ \t]*(#|$)/ { next }

file == "DerivedCoreProperties.txt" {
    split($0, f, "[;#]"); p = trim(f[2])
    if (!(p in property)) next
    range(f[1])
    for (c = lo; c <= hi; c++) flags[c] += bit[property[p]]
    next
}
file == "DerivedNormalizationProps.txt" {
    split($0, f, "[;#]"); p = trim(f[2])
    range(f[1])
    if (p in quick)
        for (c = lo; c <= hi; c++) quick_check[c] += (trim(f[3]) == "M" ? 1 : 2) * 4 ^ quick[p]
    else if (p == "Full_Composition_Exclusion")
        for (c = lo; c <= hi; c++) excluded[c] = 1
    next
}
file == "EastAsianWidth.txt" {
    split($0, f, "[;#]"); range(f[1]); v = number_of("width", trim(f[2]))
    if (v) for (c = lo; c <= hi; c++) width[c] = v
    next
}
file == "CaseFolding.txt" {
    split($0, f, ";"); p = trim(f[2])
    if (p == "C" || p == "F") fold[hex(trim(f[1]))] = sequence(f[3])
    next
}
file == "SpecialCasing.txt" {
    sub(/#.*/, "")
    n = split($0, f, ";")
    if (trim(f[5]) != "") next
    c = hex(trim(f[1]))
    full_lower[c] = sequence(f[2]); full_title[c] = sequence(f[3]); full_upper[c] = sequence(f[4])
    next
}
file == "DerivedNumericValues.txt" {
    sub(/#.*/, "")
    split($0, f, ";"); range(f[1]); v = trim(f[4])
    # A double's nearest quotient is what the C compiler computes from the fraction.
    if (index(v, "/")) { split(v, w, "/"); v = w[1] ".0/" w[2] } else v = v ".0"
    v = number_of("numeric", v) + 1
    for (c = lo; c <= hi; c++) numeric[c] = v
    next
}
file == "NameAliases.txt" {
    split($0, f, ";"); alias[f[2]] = hex(f[1])
    alias_name[++aliases] = f[2]
    next
}
file == "NamedSequences.txt" {
    split($0, f, ";"); v = sequence(f[2]); sub(/^[0-9]+,/, "", v); gsub(/,/, ", ", v)
    named_sequence[f[1]] = v
    sequence_name[++sequences] = f[1]
    next
}

file == "UnicodeData.txt" {
    n = split($0, f, ";")
    c = hex(f[1])
    name = f[2]
    if (name ~ /, First>$/) { first = c; next }
    if (name ~ /, Last>$/) {
        if (name ~ /^<CJK Ideograph/) add_pattern(first, c, "CJK UNIFIED IDEOGRAPH-")
        else if (name ~ /^<Tangut Ideograph/) add_pattern(first, c, "TANGUT IDEOGRAPH-")
    } else {
        first = c
        if (name !~ /^</) add_name(c, name, f[1])
    }
    for (; first <= c; first++) add_record(first)
}

function add_pattern(lo, hi, prefix) {
    if (patterns && pattern_hi[patterns] == lo - 1 && pattern_prefix[patterns] == prefix) {
        pattern_hi[patterns] = hi
        return
    }
    pattern_lo[++patterns] = lo; pattern_hi[patterns] = hi; pattern_prefix[patterns] = prefix
}

function add_name(c, name, code,    p) {
    p = length(name) - length(code)
    if (p > 1 && substr(name, p + 1) == code && substr(name, p, 1) == "-") {
        add_pattern(c, c, substr(name, 1, p))
        return
    }
    if (!runs || run_hi[runs] != c - 1) {
        run_lo[++runs] = c
        run_ordinal[runs] = name_count + 0
    }
    run_hi[runs] = c
    char_name[++name_count] = name
}

function add_record(c,    category, bidi, fl, lower, upper, title, decimal, digit, sp, cf, r) {
    category = f[3]; bidi = f[5]
    fl = flags[c] + 0
    if (category ~ /^L[mtulo]$/) fl += bit["ALPHA"]
    if (category == "Lt") fl += bit["TITLE"]
    if (category == "Zs" || bidi == "WS" || bidi == "B" || bidi == "S") fl += bit["SPACE"]
    if (c in line_break) fl += bit["LINE_BREAK"]
    if (c == 32 || category !~ /^[CZ]/) fl += bit["PRINTABLE"]
    if (f[10] == "Y") fl += bit["MIRRORED"]
    lower = f[14] == "" ? c : hex(f[14])
    upper = f[13] == "" ? c : hex(f[13])
    title = f[15] == "" ? upper : hex(f[15])
    cf = (c in fold) ? fold[c] : "1," c
    decimal = f[7] == "" ? -1 : f[7]
    digit = f[8] == "" ? -1 : f[8]
    sp = 0
    if ((c in full_lower) || cf !~ /^1,/) {
        r = ((c in full_lower) ? full_lower[c] : "1," lower) "," \
            ((c in full_upper) ? full_upper[c] : "1," upper) "," \
            ((c in full_title) ? full_title[c] : "1," title) "," cf
        sp = special_size
        special_text[special_items++ + 1] = r
        special_size += gsub(/,/, ",", r) + 1
        cf = "1," c
    }
    r = fl "," number_of("category", category) "," number_of("bidi", bidi) "," f[4] "," \
        (width[c] + 0) "," decimal "," digit "," (numeric[c] + 0) "," (quick_check[c] + 0) "," sp \
        "," (lower - c) "," (upper - c) "," (title - c) "," (substr(cf, 3) - c)
    record_of[c] = number_of("record", r)
    if (f[6] != "") add_decomposition(c, f[6])
}

function add_decomposition(c, text,    p, tag, n, w, s) {
    tag = ""
    if (substr(text, 1, 1) == "<") {
        p = index(text, " "); tag = substr(text, 1, p - 1); text = substr(text, p + 1)
    }
    s = sequence(text)
    n = split(s, w, ",")
    if (tag == "" && n == 3 && !(c in excluded))
        composition[++compositions] = sprintf("%06d %06d %06d", w[2], w[3], c)
    sub(/^[0-9]+/, number_of("tag", tag) * 256 + n - 1, s)
    decomp_of[c] = decomp_size
    decomp_text[++decomp_items] = s
    decomp_size += n
}

# Two-stage table of one number per code point up to `last`.
function stages(prefix, of, shift, last,    size, c, block, key, i, known, order, total, s1) {
    size = 2 ^ shift
    s1 = 0
    for (block = 0; block * size <= last; block++) {
        key = ""
        for (c = block * size; c < (block + 1) * size; c++) key = key (((c in of) ? of[c] : 0) ",")
        if (!(key in known)) { known[key] = total + 0; order[total++] = key }
        first_stage[s1++] = known[key]
    }
    list_begin("const uint16_t " prefix "_stage1[]")
    for (i = 0; i < s1; i++) list_item(first_stage[i])
    list_end()
    list_begin("const uint16_t " prefix "_stage2[]")
    for (i = 0; i < total; i++) {
        c = split(order[i], items, ",")
        for (block = 1; block < c; block++) list_item(items[block])
    }
    list_end()
}

function strings(head, table,    i) {
    list_begin("const char *const " head "[]")
    for (i = 0; i < interned[table]; i++) list_item("\"" interned_text[table, i] "\"")
    list_end()
}

# Shell sort of a[1..n] as strings.
function sort(a, n,    gap, i, j, t) {
    for (gap = 1; gap < n; gap = gap * 3 + 1) ;
    for (; gap >= 1; gap = (gap - 1) / 3)
        for (i = gap + 1; i <= n; i++) {
            t = a[i]
            for (j = i - gap; j >= 1 && a[j] > t; j -= gap) a[j + gap] = a[j]
            a[j + gap] = t
        }
}

function symbol(v) { return substr(symbols, v + 1, 1) }

function word_code(v) {
    if (v < lead1) return symbol(v)
    v -= lead1
    if (v < lead2 * 90) return symbol(lead1 + int(v / 90)) symbol(v % 90)
    v -= lead2 * 90
    return symbol(lead1 + lead2 + int(v / 8100)) symbol(int(v / 90) % 90) symbol(v % 90)
}

function print_names(    i, j, n, w, words, word, count, key, total, lead3, shared, before, nb, s) {
    symbols = ""
    for (i = 35; i <= 126; i++) if (i != 63 && i != 92) symbols = symbols sprintf("%c", i)
    # Words by how often they are written, i.e. not counting those shared with the name before.
    for (i = 1; i <= name_count; i++) {
        n = split(char_name[i], w, " ")
        shared = 0
        if ((i - 1) % 32)
            while (shared < n && shared < nb && w[shared + 1] == before[shared + 1]) shared++
        for (j = shared + 1; j <= n; j++) count[w[j]]++
        for (j = 1; j <= n; j++) before[j] = w[j]
        nb = n
        share[i] = shared
    }
    total = 0
    for (word in count) key[++total] = sprintf("%06d %s", 999999 - count[word], word)
    sort(key, total)
    lead3 = 1
    while (1) {
        lead2 = 0
        # As many one-symbol words as the rest of the symbols leaves room for.
        while (90 - lead2 - lead3 + lead2 * 90 + lead3 * 8100 < total && lead2 + lead3 < 60) lead2++
        if (90 - lead2 - lead3 + lead2 * 90 + lead3 * 8100 >= total) break
        lead3++
    }
    if (lead2 < 40) lead2 = 40
    lead1 = 90 - lead2 - lead3
    n = 0
    tier(key, 1, lead1)
    tier(key, lead1 + 1, lead1 + lead2 * 90)
    tier(key, lead1 + lead2 * 90 + 1, total)
    text_begin("const char text_words[]")
    for (i = 1; i <= total; i++) { number[key[i]] = i - 1; text_item(key[i] " ") }
    text_end()
    printf "const int text_word_tier[3] = {%d, %d, %d};\n", lead1, lead2 * 90,
        total - lead1 - lead2 * 90
    printf "const int text_lead_tier[3] = {%d, %d, %d};\n", lead1, lead2, lead3
    printf "const int text_name_count = %d;\n\n", name_count
    text_begin("const char text_names[]")
    for (i = 1; i <= name_count; i++) {
        n = split(char_name[i], w, " ")
        shared = share[i]
        if (shared > 9) shared = 9
        if (n - shared >= 1 && n - shared <= 8) s = symbol(shared * 9 + n - shared)
        else s = symbol(0) symbol(shared) symbol(n - shared)
        for (j = shared + 1; j <= n; j++) s = s word_code(number[w[j]])
        text_item(s)
    }
    text_end()
}

# Strips the counts from key[lo..hi] and orders that stretch alphabetically.
function tier(key, lo, hi,    i, n, part) {
    n = 0
    for (i = lo; i <= hi; i++) part[++n] = substr(key[i], 8)
    sort(part, n)
    for (i = 1; i <= n; i++) key[lo + i - 1] = part[i]
}

END {
    print "// Generated by make_tables.sh from the Unicode Character Database " version "."
    print "// The data: Copyright (c) 1991-2022 Unicode, Inc., under the Unicode License v3.\n"
    print "#include \"runtime/text/unicode_tables.h\""
    print "#include \"runtime/text/unicode.h\"\n"
    print "const char kr_text_unicode_version[] = \"" version "\";\n"
    strings("text_categories", "category")
    strings("text_bidirectionals", "bidi")
    strings("text_widths", "width")
    strings("text_decomp_tags", "tag")
    list_begin("const double text_numeric[]")
    for (i = 0; i < interned["numeric"]; i++) list_item(interned_text["numeric", i])
    list_end()
    list_begin("const CharRecord text_records[]")
    for (i = 0; i < interned["record"]; i++) list_item("{" interned_text["record", i] "}")
    list_end()
    stages("text", record_of, 7, 1114111)
    list_begin("const uint32_t text_special_case[]")
    for (i = 0; i <= special_items; i++) list_item(special_text[i])
    list_end()
    stages("text_decomp", decomp_of, 5, 196607)
    list_begin("const uint32_t text_decomp[]")
    for (i = 0; i <= decomp_items; i++) list_item(decomp_text[i])
    list_end()
    sort(composition, compositions)
    list_begin("const Composition text_compositions[]")
    for (i = 1; i <= compositions; i++) {
        split(composition[i], w, " ")
        list_item(sprintf("{%d,%d,%d}", w[1], w[2], w[3]))
    }
    list_end()
    print "const int text_composition_count = " compositions ";\n"
    print_names()
    list_begin("const NameRun text_name_runs[]")
    for (i = 1; i <= runs; i++) list_item("{" run_lo[i] "," run_hi[i] "," run_ordinal[i] "}")
    list_end()
    print "const int text_name_run_count = " runs ";\n"
    list_begin("const NamePattern text_name_patterns[]")
    for (i = 1; i <= patterns; i++)
        list_item("{" pattern_lo[i] "," pattern_hi[i] ",\"" pattern_prefix[i] "\"}")
    list_end()
    print "const int text_name_pattern_count = " patterns ";\n"
    sort(alias_name, aliases)
    list_begin("const NamedCode text_name_aliases[]")
    for (i = 1; i <= aliases; i++)
        list_item("{\"" alias_name[i] "\",{" alias[alias_name[i]] "}}")
    list_end()
    print "const int text_name_alias_count = " aliases ";\n"
    sort(sequence_name, sequences)
    list_begin("const NamedCode text_name_sequences[]")
    for (i = 1; i <= sequences; i++)
        list_item("{\"" sequence_name[i] "\",{" named_sequence[sequence_name[i]] "}}")
    list_end()
    print "const int text_name_sequence_count = " sequences ";"
}
