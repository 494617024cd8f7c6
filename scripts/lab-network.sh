# shellcheck shell=bash
# A network for the nodes of a lab: each in a network namespace of its own, on a bridge whose first address is this machine. There
# the broker and the quorum replicas listen too. Sourced by ./lab, with LAB_ID, NODES and NETWORK (the first three numbers of its /24).
#
# A node is cut off by a packet filter in its namespace: nobody is told, packets just stop. The namespace outlives the node's
# processes, so a node stays cut off when its power comes and goes.

readonly NETWORK_TRIES_MAX=100
readonly NODE_ADDRESS_FIRST=11

bridge() { printf 'ql%s' "$LAB_ID"; } # an interface's name has 15 characters at most

namespace_of() { printf 'quorate-%s-%s' "$LAB_ID" "$1"; } # NODE

# Where nodes find what this machine offers.
control_address() { if [[ -n $NETWORK ]]; then printf '%s.1' "$NETWORK"; else printf 127.0.0.1; fi; }

# A private /24 that no interface or route of this machine knows.
choose_network() {
  local try candidate known
  known=$(ip -4 -o address; ip -4 route show table all)
  for ((try = 0; try < NETWORK_TRIES_MAX; try++)); do
    candidate=10.$((192 + RANDOM % 64)).$((RANDOM % 256))
    if [[ $known != *" $candidate."* ]]; then
      NETWORK=$candidate
      return 0
    fi
  done
  die "found no free network among 10.192.0.0 to 10.255.255.0"
}

network_up() {
  local node name number=0
  ip link add "$(bridge)" type bridge
  ip address add "$NETWORK.1/24" dev "$(bridge)"
  ip link set "$(bridge)" up
  for node in "${NODES[@]}"; do
    name=$(namespace_of "$node")
    ip netns add "$name"
    ip link add "qv$LAB_ID$number" type veth peer name eth0 netns "$name"
    ip link set "qv$LAB_ID$number" master "$(bridge)" up
    ip -n "$name" address add "$NETWORK.$((NODE_ADDRESS_FIRST + number))/24" dev eth0
    ip -n "$name" link set eth0 up
    ip -n "$name" link set lo up
    number=$((number + 1))
  done
}

# Removes what is there of it; the cables go with their ends.
network_down() {
  local node
  for node in "${NODES[@]}"; do ip netns delete "$(namespace_of "$node")" 2>/dev/null; done
  ip link delete "$(bridge)" 2>/dev/null
  return 0
}

# What of a node's traffic is dropped.
filter_node() { # NODE none|input|output|both
  {
    printf 'table inet lab\ndelete table inet lab\ntable inet lab {\n'
    [[ $2 != both && $2 != input ]] || echo '  chain in { type filter hook input priority 0; iifname eth0 drop; }'
    [[ $2 != both && $2 != output ]] || echo '  chain out { type filter hook output priority 0; oifname eth0 drop; }'
    echo '}'
  } | nsenter --net="/run/netns/$(namespace_of "$1")" nft -f -
}
