#!/usr/bin/env bash
# models.sh MODELS FOLDER: checks that the committed models equal those that the script next to them
# writes.
set -u
models=$1
folder=$2
mkdir -p "$folder" && "$models/make_models.py" "$folder" || exit 1
for model in "$models"/*.onnx; do
    cmp "$model" "$folder/${model##*/}" || exit 1
done
