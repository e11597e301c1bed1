#!/usr/bin/env bash
# Measures everything, and rewrites the results, the charts and the tables of the READMEs, in about 80 minutes. If JDK25
# is the home of a second JDK, the comparison of servers is repeated on it.
set -euo pipefail
cd "$(dirname "$0")/.."

mvn -q -DskipTests package
jar=benchmarks/target/benchmarks.jar
LWM2M_CREDS_COMMIT=$(git rev-parse --short=12 HEAD)
if [ -n "$(git status --porcelain -- . ':!benchmarks/results' ':!benchmarks/charts' ':!*.md')" ]; then
  LWM2M_CREDS_COMMIT+=-changed
fi
LWM2M_CREDS_FLEETS=$(mktemp -d) # filled once, read by all
export LWM2M_CREDS_COMMIT LWM2M_CREDS_FLEETS
trap 'rm -rf "$LWM2M_CREDS_FLEETS"' EXIT
java -Xmx8g -jar "$jar" full benchmarks
if [ -n "${JDK25:-}" ]; then
  "$JDK25/bin/java" -jar "$jar" contest peers full benchmarks
fi
java -jar "$jar" report benchmarks
