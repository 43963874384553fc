#!/bin/sh
# Regenerates unicode_tables.c from the Unicode Character Database.
#
#   sh runtime/text/make_tables.sh [folder of the database] > runtime/text/unicode_tables.c
#
# The default folder is where Debian's package unicode-data puts it. The tables' layout is described
# in unicode_tables.h; the awk program make_tables.awk beside this file does the work.
set -e
here=$(dirname "$0")
ucd=${1:-/usr/share/unicode}
for file in DerivedAge DerivedCoreProperties DerivedNormalizationProps EastAsianWidth CaseFolding \
    SpecialCasing extracted/DerivedNumericValues NameAliases NamedSequences UnicodeData; do
    [ -r "$ucd/$file.txt" ] || { echo "make_tables.sh: missing $ucd/$file.txt" >&2; exit 1; }
done
cd "$here"
LC_ALL=C exec awk -f make_tables.awk \
    "$ucd/DerivedCoreProperties.txt" "$ucd/DerivedNormalizationProps.txt" \
    "$ucd/EastAsianWidth.txt" "$ucd/CaseFolding.txt" "$ucd/SpecialCasing.txt" \
    "$ucd/extracted/DerivedNumericValues.txt" "$ucd/NameAliases.txt" "$ucd/NamedSequences.txt" \
    "$ucd/UnicodeData.txt"
