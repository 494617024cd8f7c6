# shellcheck shell=bash
# What a lab consists of and how each part of it is started. Sourced by ./lab after engines.sh, with DIR set to an absolute path.
# shellcheck disable=SC2034 # ./lab reads some of these

# How long a membership must stay as it is to count as settled, and how long to wait for that.
readonly SETTLED_SECONDS=2 SETTLE_SECONDS_MAX=40
readonly SERVICE_START_SECONDS_MAX=60
readonly CLUSTER_START_SECONDS_MAX=120
readonly INIT_START_SECONDS_MAX=10
readonly TTL_DEFAULT=10000     # milliseconds, of the lease; the stop deadline is half of it
readonly STOP_DEADLINE_MIN=500 # milliseconds
readonly CONTROL_PLANE=(quorum1 quorum2 scheduler1 scheduler2)

# A test's own programs in place of the built ones.
program() { # quorate-quorum|quorate-scheduler|quorate-executor|quorate-guard
  if [[ -n ${QUORATE_LAB_PROGRAMS:-} ]]; then
    printf '%s/%s\n' "$QUORATE_LAB_PROGRAMS" "$1"
  elif [[ $1 == quorate-guard ]]; then
    printf '%s/services/executor/guard/bin/Release/net10.0/%s\n' "$ROOT" "$1"
  else
    printf '%s/services/%s/service/bin/Release/net10.0/%s\n' "$ROOT" "${1#quorate-}" "$1"
  fi
}

# The node names in a cluster.conf, one a line.
nodes_in() { # FILE
  perl -0777 -ne 's/<!--.*?-->//gs; while (/<clusternode\s+((?:[^<>"\x27]|"[^"]*"|\x27[^\x27]*\x27)*)>/gs) { my $a = $1;
    print "$2\n" if $a =~ /(?:^|\s)name\s*=\s*(["\x27])(.*?)\1/s }' "$1"
}

xml_text() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/"/\&quot;/g' <<<"$1"; }

# How each node of a lab with --fence is cut off: by its management board, and by its power supply where that does not answer.
fence_methods() {
  [[ -z $FENCE ]] || printf '<fence><method name="management"><device name="board"/></method><method name="power"><device name="supply"/></method></fence>'
}

# The devices of --fence; the board does not answer while DIR/board-is-broken exists.
fence_devices() {
  local lab
  [[ -n $FENCE ]] || return 0
  lab=$(xml_text "$DIR")
  echo '  <fence_daemon post_fail_delay="0" post_join_delay="3"/>'
  echo '  <fencedevices>'
  echo "    <fencedevice name=\"board\" agent=\"fence_lab\" lab=\"$lab\" broken=\"$lab/board-is-broken\"/>"
  echo "    <fencedevice name=\"supply\" agent=\"fence_lab\" lab=\"$lab\"/>"
  echo '  </fencedevices>'
}

# A cluster.conf with an ordered, a nofailback and a restricted domain, every service of which leaves its tracks in DIR/witness.
write_configuration() { # NODE...
  local node id=0 witness last_two=("$@")
  (($# <= 2)) || last_two=("${@:$#-1}")
  witness=$(xml_text "$DIR/witness")
  echo '<?xml version="1.0"?>'
  echo '<cluster name="lab" config_version="1">'
  (($# == 2)) && echo '  <cman two_node="1" expected_votes="1"/>'
  echo '  <clusternodes>'
  for node; do echo "    <clusternode name=\"$node\" nodeid=\"$((++id))\" votes=\"1\"${KEEP:+ on_lease_loss=\"keep\"}>$(fence_methods)</clusternode>"; done
  echo '  </clusternodes>'
  fence_devices
  echo '  <rm>'
  echo '    <failoverdomains>'
  domain() { # NAME ATTRIBUTES NODE...
    local name=$1 attributes=$2 priority=0 member
    shift 2
    echo "      <failoverdomain name=\"$name\" $attributes>"
    for member; do echo "        <failoverdomainnode name=\"$member\" priority=\"$((++priority))\"/>"; done
    echo '      </failoverdomain>'
  }
  domain in-order 'ordered="1" restricted="0" nofailback="0"' "$@"
  domain stays 'ordered="1" restricted="0" nofailback="1"' "$@"
  domain last-two 'ordered="0" restricted="1" nofailback="0"' "${last_two[@]}"
  echo '    </failoverdomains>'
  service() { # NAME ATTRIBUTES
    echo "    <service name=\"$1\" $2>"
    echo "      <ocf agent=\"quorate:Witness\" name=\"$1\" directory=\"$witness\"/>"
    echo '    </service>'
  }
  service web 'domain="in-order" recovery="relocate"'
  service mail 'domain="stays" recovery="restart"'
  service files 'domain="last-two" recovery="relocate"'
  service batch 'recovery="disable"'
  service spare 'autostart="0"'
  echo '  </rm>'
  echo '</cluster>'
}

# Settings that only one kind of process shall see, such as QUORATE_LAB_SET_SCHEDULER="Quorate__CrashAt=committed".
extra_settings() { # QUORUM|SCHEDULER|NODE
  local variable=QUORATE_LAB_SET_$1
  tr ' ' '\n' <<<"${!variable:-}" | grep . || true
}

common_settings() { # BUS
  printf '%s\n' "QUORATE_LAB_ID=$LAB_ID" "Quorate__ConfigurationFile=$DIR/cluster.conf" "Quorate__Bus=$1"
  [[ -z $BUS_PREFIX ]] || printf '%s\n' "Quorate__BusPrefix=$BUS_PREFIX"
  [[ -z $BUS_NODES ]] || printf '%s\n' "Quorate__BusNodes=$BUS_NODES"
  [[ -z $TTL ]] || printf '%s\n' "Quorate__TtlMilliseconds=$TTL"
}

# Starts one replica of quorum or scheduler and does not wait for it.
start_service() { # quorum1|quorum2|scheduler1|scheduler2
  local name=$1 kind=${1%[12]} port=PORT_${1^^} settings urls
  urls=http://127.0.0.1:${!port}
  [[ -z $NETWORK || $kind != quorum ]] || urls="$urls;http://$(control_address):${!port}"
  mapfile -t settings < <(common_settings "$BUS"
    printf '%s\n' "Quorate__Database=$DATABASE" "Quorate__Urls=$urls" "Quorate__Replica=$name" \
      "Quorate__StateDirectory=$DIR/state/$name" \
      "Quorate__FenceAgentDirectories=$ROOT/examples/fence:/usr/sbin"
    extra_settings "${kind^^}")
  spawn "$name" "$DIR/log/$name.log" env -C "$DIR" "${settings[@]}" "$(program "quorate-$kind")"
}

await_service() { # NAME
  local port=PORT_${1^^}
  wait_until "$SERVICE_START_SECONDS_MAX" "$1" http_get "${!port}" /health/live ||
    die_with_log "$DIR/log/$1.log" "$1 does not answer on http://127.0.0.1:${!port}/health/live"
}

# The first process of a node's namespace, once it exists.
record_init() { # NODE
  local outer init
  outer=$(pid_of "node-$1") && init=$(ps -o pid= --ppid "$outer") && [[ -n $init ]] || return 1
  record_process "init-$1" "${init// /}"
}

# Starts a node: a PID namespace with its own mounts and host name. Killing its init takes all of it down, as a power cut would;
# what it wrote to its disk (DIR/nodes/NODE/state) stays.
#
# The guard's promise to reboot when it cannot stop all in time is what lets time count as fencing (rule S7); reboot(2) in a PID
# namespace ends the namespace and nothing else. A watchdog would reset this machine, so none is used.
start_node() { # NODE
  local node=$1 settings directories agents=() directory deadline address inside=()
  mkdir -p "$DIR/nodes/$node/state"
  directories=${QUORATE_LAB_AGENTS:+$QUORATE_LAB_AGENTS:}$ROOT/examples/agents:/usr/lib/ocf
  while IFS= read -r directory; do
    [[ ! -d $directory ]] || agents+=(--agents "$directory")
  done < <(tr ':' '\n' <<<"$directories")
  deadline=$((${TTL:-$TTL_DEFAULT} / 2))
  ((deadline >= STOP_DEADLINE_MIN)) || deadline=$STOP_DEADLINE_MIN
  address=$(control_address)
  # Not "ip netns exec": that mounts another /sys, without the control groups the guard needs.
  [[ -z $NETWORK ]] || inside=(nsenter --net="/run/netns/$(namespace_of "$node")")
  mapfile -t settings < <(common_settings "${BUS/127.0.0.1/"$address"}"
    printf '%s\n' "QUORATE_NODE=$node" "Quorate__Node=$node" "Quorate__StateDirectory=$DIR/nodes/$node/state" \
      "Quorate__QuorumUrls=http://$address:$PORT_QUORUM1,http://$address:$PORT_QUORUM2" \
      "Quorate__AgentDirectories=$directories"
    extra_settings NODE)
  spawn "node-$node" "$DIR/log/$node.log" env -C "$DIR" "${settings[@]}" \
    "${inside[@]}" unshare --pid --fork --kill-child --mount --uts --mount-proc -- \
    /bin/sh "$ROOT/scripts/node-init.sh" "$(program quorate-guard)" --state "$DIR/nodes/$node/state" --node "$node" \
    "${agents[@]}" --stop-deadline "$deadline" --escalate reboot --watchdog none -- "$(program quorate-executor)"
  wait_until "$INIT_START_SECONDS_MAX" "node-$node" record_init "$node" ||
    die_with_log "$DIR/log/$node.log" "the namespace of $node did not come up"
}

# The executor of a node. The kernel keeps 15 characters of a program's name.
executor_of() { # NODE
  local init
  init=$(pid_of "init-$1") || return 1
  ps -o pid=,comm= -p "$(descendants "$init" | paste -sd,)" 2>/dev/null | awk '$2 == "quorate-executo" { print $1; found = 1; exit } END { exit !found }'
}

# True when one scheduler says that the cluster is quorate and every node online.
cluster_is_up() {
  local cluster
  cluster=$(http_get "$PORT_SCHEDULER1" /api/cluster || http_get "$PORT_SCHEDULER2" /api/cluster) || return 1
  cluster=$(tr -d ' \r\n\t' <<<"$cluster")
  [[ $cluster == *'"isQuorate":true'* ]] && (($(grep -o '"state":"online"' <<<"$cluster" | wc -l) >= ${#NODES[@]}))
}

# True when the same generation was seen for SETTLED_SECONDS, with all nodes online and no service on its way.
cluster_has_settled() {
  local cluster generation now
  cluster_is_up || { SETTLED_GENERATION=; return 1; }
  cluster=$(http_get "$PORT_SCHEDULER1" /api/cluster | tr -d ' \r\n\t') || return 1
  [[ ! $cluster =~ \"state\":\"(uninitialized|starting|stopping|recoverable|recovering)\" ]] || return 1
  generation=$(grep -o '"generation":[0-9]*' <<<"$cluster" | head -n 1)
  now=$SECONDS
  if [[ $generation != "${SETTLED_GENERATION:-}" ]]; then SETTLED_GENERATION=$generation SETTLED_SINCE=$now; fi
  ((now - SETTLED_SINCE >= SETTLED_SECONDS))
}

# The broker's name; those of all members, one a line, where it is a cluster.
brokers() { if ((BROKERS == 1)); then echo rabbitmq; else seq -f 'rabbitmq%.0f' 1 "$BROKERS"; fi; }

is_broker() { brokers | grep -qxF -- "$1"; }

# Directory, AMQP port, distribution port, epmd's port, name, and the members of its cluster.
broker_arguments() { # NAME
  local number=${1#rabbitmq} amqp distribution
  amqp=PORT_RABBITMQ$number distribution=PORT_DISTRIBUTION$number
  printf '%s\n' "$DIR/$1" "${!amqp}" "${!distribution}" "$PORT_EPMD"
  [[ -z $number ]] || { echo "$1"; brokers; }
}

# Starts a broker and does not wait for it.
rabbitmq_start() { # NAME
  local arguments RABBITMQ_ALSO_AT=''
  [[ -z $NETWORK ]] || RABBITMQ_ALSO_AT=$(control_address)
  mapfile -t arguments < <(broker_arguments "$1")
  mkdir -p "$DIR/$1/home"
  if [[ ! -e $DIR/$1/home/.erlang.cookie ]]; then
    (umask 077 && printf '%s' "quorate$LAB_ID" >"$DIR/$1/home/.erlang.cookie" && chmod 400 "$DIR/$1/home/.erlang.cookie")
  fi
  start_rabbitmq "${arguments[@]}"
  write_rabbitmqctl "${arguments[@]:0:5}"
}

rabbitmq_await() { # NAME
  local port=PORT_RABBITMQ${1#rabbitmq}
  await_rabbitmq "$DIR/$1" "${!port}" "$1"
}

# Waits until every member sees all others run: a queue that is declared before has no replicas on the missing ones.
await_cluster() {
  local first
  first=$(brokers | head -n 1)
  wait_until "$RABBITMQ_START_SECONDS_MAX" "$first" cluster_is_complete || die_with_log "$DIR/$first/server.log" "the brokers formed no cluster"
}

cluster_is_complete() { (($("$DIR/rabbitmq1/rabbitmqctl" -q eval 'length(rabbit_nodes:all_running()).') == BROKERS)); }

postgres_start() { start_postgres "$DIR/postgres" "$PORT_POSTGRES"; }

# Uses the broker of the environment, in a virtual host of the lab's own where QUORATE_LAB_RABBITMQCTL says how to make one,
# else under a prefix of its own; or says that a private one has to be started.
choose_rabbitmq() {
  BUS_PREFIX=
  if ((BROKERS > 1)); then
    PRIVATE_RABBITMQ=1
    BUS=amqp://guest:guest@127.0.0.1:$PORT_RABBITMQ1/
    BUS_NODES=127.0.0.1:$PORT_RABBITMQ2,127.0.0.1:$PORT_RABBITMQ3
  elif [[ -z ${QUORATE_LAB_RABBITMQ:-} ]]; then
    PRIVATE_RABBITMQ=1
    BUS=amqp://guest:guest@127.0.0.1:$PORT_RABBITMQ/
  elif [[ -n ${QUORATE_LAB_RABBITMQCTL:-} ]]; then
    local authority=${QUORATE_LAB_RABBITMQ#*://} user=guest
    [[ $authority != *@* ]] || user=${authority%%:*}
    "$QUORATE_LAB_RABBITMQCTL" -q add_vhost "quorate-lab-$LAB_ID" >&2
    "$QUORATE_LAB_RABBITMQCTL" -q set_permissions -p "quorate-lab-$LAB_ID" "$user" '.*' '.*' '.*' >&2
    BUS=amqp://${authority%%/*}/quorate-lab-$LAB_ID
  else
    BUS=$QUORATE_LAB_RABBITMQ
    BUS_PREFIX=lab-$LAB_ID.
    say "QUORATE_LAB_RABBITMQCTL is not set: queues on the given broker begin with $BUS_PREFIX, and stay there after down."
  fi
}

# One value of a connection string, by any of its names.
connection_value() { # CONNECTION_STRING NAME...
  local text=$1 name
  shift
  for name; do
    tr ';' '\n' <<<"$text" | sed -n "s/^ *$name *= *//Ip" | grep -m 1 . && return 0
  done
  return 0
}

# psql on the server of the environment.
given_psql() { # SQL
  local host port user password database
  host=$(connection_value "$QUORATE_LAB_POSTGRES" host server)
  port=$(connection_value "$QUORATE_LAB_POSTGRES" port)
  user=$(connection_value "$QUORATE_LAB_POSTGRES" username 'user id' user)
  password=$(connection_value "$QUORATE_LAB_POSTGRES" password)
  database=$(connection_value "$QUORATE_LAB_POSTGRES" database)
  PGPASSWORD=$password psql -X -q -v ON_ERROR_STOP=1 -h "${host:-127.0.0.1}" -p "${port:-5432}" -U "${user:-postgres}" \
    -d "${database:-postgres}" -c "$1" >&2
}

choose_postgres() {
  if [[ -z ${QUORATE_LAB_POSTGRES:-} ]]; then
    PRIVATE_POSTGRES=1
    DATABASE=$(postgres_connection "$PORT_POSTGRES" postgres)
  else
    given_psql "CREATE DATABASE quorate_lab_$LAB_ID"
    DATABASE=$(tr ';' '\n' <<<"$QUORATE_LAB_POSTGRES" | grep -vi '^ *database *=' | grep . | paste -sd';')
    DATABASE="$DATABASE;Database=quorate_lab_$LAB_ID"
  fi
}
