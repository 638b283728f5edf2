#!/bin/sh
# Runs $BINARY, and writes the file $COUNTS.N at the Nth call of the function $BEFORE: the instructions
# since the call before.
exec valgrind --quiet --tool=callgrind --callgrind-out-file="$COUNTS" --dump-line=no \
    --dump-before="$BEFORE" "$BINARY"
