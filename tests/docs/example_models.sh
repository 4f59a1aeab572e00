#!/bin/sh
# example_models.sh PYTHON: the headers in examples/models are those that their script writes.
set -eu
made=$(mktemp)
trap 'rm -f "$made"' EXIT
"$1" examples/models/make_header.py "$made" > /dev/null
cmp examples/models/chat-8b.gguf.head "$made"
