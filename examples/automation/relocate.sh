#!/bin/bash
# Relocates a service, prints the answer, and waits until it runs there. Needs Debian's amqp-tools.
# usage: AMQP_URL=amqp://USER:PASSWORD@HOST relocate.sh SERVICE NODE     (BUS_PREFIX where the cluster has one)
set -euo pipefail
service=service:${1#service:} node=$2 url=${AMQP_URL:-amqp://localhost} prefix=${BUS_PREFIX:-} id=relocate-$$-$(date +%s)
answers=${prefix}operator.$id
trap 'amqp-delete-queue --url "$url" --queue "$answers" >/dev/null || true; kill ${reader:-} || true' EXIT

# A queue for the answer, and a reader of events: each becomes a line. It needs a moment until its queue is bound.
amqp-declare-queue --url "$url" --queue "$answers" >/dev/null
exec {told}< <(exec timeout 150 amqp-consume --url "$url" --exchange "${prefix}ServiceTransitioned" --routing-key any -- sh -c 'tr -d "\n"; echo' 2>/dev/null)
reader=$!
sleep 1

amqp-publish --url "$url" --exchange "${prefix}RelocateService" --routing-key any --content-type application/json --reply-to "$answers" \
  --body "{\"requestId\": \"$id\", \"service\": \"$service\", \"node\": \"$node\"}"
answer=$(timeout 120 amqp-consume --url "$url" --queue "$answers" --count 1 cat)
echo "$answer"
[[ $answer == *'"result":"success"'* ]]
grep --max-count 1 "\"service\": *\"$service\".*\"to\": *\"started\".*\"owner\": *\"$node\"" <&"$told" | sed 's/.*"message": *\({[^}]*}\).*/\1/'
