#!/bin/bash
# The common measurements against Tenir.
#   BENCH_PEERS=/path/to/the/common/work bench/peers/tenir/run.sh sqlite 10000
# BENCH_PEERS holds common/{bench.py,gen_corpus.py,gen_mails.py,mem.py}; nothing of it is copied here.
set -euo pipefail
database=$1 tickets=$2
root=$(cd "$(dirname "$0")/../../.." && pwd)
: "${BENCH_PEERS:?name the folder of the common work in BENCH_PEERS}"
work=${BENCH_WORK:-$root/var/bench/peers}; python=${PYTHON:-$root/.venv/bin/python}
home=$work/$database-$tickets; corpus=$work/corpus_$tickets.jsonl; port=${PORT:-8099}
address=sqlite; [ "$database" = sqlite ] || address=${TENIR_DATABASE:?the address of an empty PostgreSQL database}
export PYTHONPATH=$root/src:$root BENCH_HOME=$home
mkdir -p "$work" "$root/bench/results"
[ -s "$corpus" ] || python3 "$BENCH_PEERS/common/gen_corpus.py" "$tickets" "$corpus"
if [ ! -s "$home/references.json" ]; then
  rm -rf "$home"
  (cd "$root" && "$python" -m bench.peers.tenir.load "$home" "$corpus" --database "$address")
fi
out=$root/bench/results/peers-$database-$tickets.txt; result=$work/$database-$tickets.json; : > "$out"; rm -f "$result"

touch "$home/tenir.toml"
serve() {
  env TENIR_CONFIG="$home/tenir.toml" TENIR_DATA_DIR="$home/desk" TENIR_DATABASE="$address" TENIR_PORT="$port" \
      TENIR_LOG_LEVEL=error "$python" -m tenir serve > "$home/serve.log" 2>&1 &
  served=$!
  until curl -s -o /dev/null -L --fail "http://127.0.0.1:$port/"; do kill -0 "$served"; sleep 0.05; done
}
stop() { kill "$served"; wait "$served" || true; }

began=$(date +%s.%N); serve; echo "cold start: $(python3 -c "print(round($(date +%s.%N) - $began, 2))") s" | tee -a "$out"
sleep 5
tree() { echo "$served"; pgrep -P "$served" || true; }
tree > "$home/pids"
echo "idle memory: $(python3 "$BENCH_PEERS/common/mem.py" $(cat "$home/pids"))" | tee -a "$out"
python3 "$BENCH_PEERS/common/bench.py" "$(dirname "$0")/adapter.py" --base "http://127.0.0.1:$port" --n "$tickets" \
  --corpus "$corpus" --out "$result" --pids "$home/pids" ${BENCH_ARGS:-} | tee -a "$out"
stop

mails=$home/mails
for seed in 71 72 73; do
  rm -rf "$mails"
  python3 "$BENCH_PEERS/common/gen_mails.py" "$corpus" "$mails" --count "${MAILS:-200}" --seed "$seed" --tag '[{id}]' \
    --to bl@exemple.fr --idmap "$home/references.json" | tee -a "$out"
  (cd "$root" && "$python" -m bench.peers.tenir.mail "$home" "$mails" --database "$address") | tee -a "$out"
done
