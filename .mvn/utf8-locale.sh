# Sourced by ./mvnw and ./llava: file names, questions and answers are UTF-8, whatever locale the shell has.
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
