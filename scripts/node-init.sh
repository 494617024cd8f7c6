#!/bin/sh
# The first process of a lab's node, in a PID namespace of its own: it stands for the node's system. Whoever kills it cuts the
# node's power. It reaps orphans (wait does) and keeps the guard running; the guard keeps the executor and the agents.
#
# usage: node-init.sh GUARD [OPTION...] -- EXECUTOR        QUORATE_NODE holds the node's name

RESTART_SECONDS=1

# Agents may ask who they are, and keep notes that must not survive a reboot.
echo "$QUORATE_NODE" >/proc/sys/kernel/hostname
mkdir -p /run/resource-agents && mount -t tmpfs -o mode=1777 tmpfs /run/resource-agents

while :; do
  "$@" &
  wait $!
  echo "node-init: the guard of $QUORATE_NODE ended with status $?; starting it again in $RESTART_SECONDS s"
  sleep "$RESTART_SECONDS"
done
