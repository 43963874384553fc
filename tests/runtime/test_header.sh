# The public header compiles alone, as C11 and as C++, without warnings.
set -e
: "${CC:=gcc}"
printf '#include "runtime/krait.h"\nint main(void) { return KR_API_VERSION == 1 ? 0 : 1; }\n' >try.c
cp try.c try.cc
$CC -std=c11 -pedantic-errors -Wall -Wextra -Werror -Wno-variadic-macros -I"$SOURCE" -fsyntax-only try.c
if test -n "${CXX-}"; then
    $CXX -std=c++17 -Wall -Wextra -Werror -I"$SOURCE" -fsyntax-only try.cc
fi
