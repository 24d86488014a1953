#!/usr/bin/env bash
# Trains the default model from nothing: scenes, tokenizer, language, contrast, captions, then LLaVA's own two stages.
# usage: examples/train-default.sh WORK-FOLDER
# Each step is printed. A script that was stopped is started again with the same folder: steps that are done are
# skipped, and the training that was running continues from its last checkpoint. SCENES and THREADS may be set; the
# steps' sizes are for about nine hours on two cores.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: examples/train-default.sh WORK-FOLDER" >&2; exit 2; }
llava="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/llava"
mkdir -p "$1"
cd "$1"
scenes=${SCENES:-60000}
threads=${THREADS:-2}

# step NAME RESULT COMMAND...: runs the command unless its result is there
step() {
  local name=$1 result=$2
  shift 2
  if [ -e "$result" ]; then
    echo "== $name: done" >&2
    return
  fi
  echo "== $name: $(date '+%H:%M:%S')" >&2
  "$@"
}

# A folder of scenes is complete when its boxes are there; half of one is made again.
make_scenes() {
  rm -rf "$1"
  "$llava" data scenes --out "$@"
}

step "training scenes" train/instances.json make_scenes train --count "$scenes" --seed 1
step "held-out scenes" held-out/instances.json make_scenes held-out --count 2000 --seed 2 --held-out
annotations=(--annotations train/instances.json --annotations train/captions.json)
step "conversations" instruct.json "$llava" data instruct --rules "${annotations[@]}" --out instruct.json
step "captions" captions.json "$llava" data instruct --rules "${annotations[@]}" --kinds caption --out captions.json
# Descriptions name all things, places and counts: more to learn from each pass over an image.
step "descriptions" descriptions.json "$llava" data instruct --rules "${annotations[@]}" --kinds caption,detail \
  --out descriptions.json

train() {
  "$llava" train "$@" --threads "$threads" --save-every 100
}
step "fresh model" fresh/config.json "$llava" train fresh --texts instruct.json --texts captions.json --out fresh \
  --vision-width 192 --vision-layers 6 --vision-heads 6 --width 256 --layers 4 --heads 4 --intermediate 640
step "language" llama/config.json train llama --model fresh --data instruct.json --out llama \
  --max-updates 300 --batch 64 --together 16 --max-length 256
step "contrast" clip/config.json train clip --model llama --captions train/captions.json --images train/images \
  --out clip --batch 64 --epochs 1
step "captions to see by" caption/config.json train caption --model clip --data descriptions.json \
  --images train/images --out caption --epochs 3 --batch 64 --together 16 --rate 8e-4 --max-length 224
step "stage 1: projector" projector/config.json train projector --model caption --data captions.json \
  --images train/images --out projector --max-updates 200 --batch 64 --together 16 --rate 5e-4 --max-length 192
step "stage 2: instruct" instruct/config.json train instruct --model projector --data instruct.json \
  --images train/images --out instruct --max-updates 2000 --batch 64 --together 16 --rate 4e-4 --max-length 320
echo "The model is $PWD/instruct. Try: $llava ask --model $PWD/instruct --image held-out/images/000000000001.jpg \"What is shown in this image?\"" >&2
