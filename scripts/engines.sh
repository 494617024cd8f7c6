# shellcheck shell=bash
# RabbitMQ and PostgreSQL as private processes, all their files in one directory each. Sourced after processes.sh.

readonly RABBITMQ_PROGRAMS=/usr/lib/rabbitmq/bin # what /usr/sbin has are wrappers that change the user
readonly RABBITMQ_START_SECONDS_MAX=90
readonly POSTGRES_START_SECONDS_MAX=30
readonly POSTGRES_MOUNT=/var/lib/postgresql
readonly APT_LOCK_SECONDS_MAX=300

# Installs Debian packages whose file is missing, and says so.
install_missing() { # PACKAGE=FILE...
  local missing=() pair
  for pair; do
    compgen -G "${pair#*=}" >/dev/null || missing+=("${pair%%=*}")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die "needed here: ${missing[*]} (names of Debian packages); there is no apt-get to install them"
  ((EUID == 0)) || die "needed here: ${missing[*]}; install them with: sudo apt-get install ${missing[*]}"
  say "Installing from Debian: ${missing[*]}"
  local log
  log=$(mktemp)
  # RUNLEVEL=1: the packages shall not start their own servers.
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --no-install-recommends \
    -o "DPkg::Lock::Timeout=$APT_LOCK_SECONDS_MAX" "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    die_with_log "$log" "apt-get could not install ${missing[*]}"
  fi
  rm -f "$log"
}

install_engines() {
  install_missing util-linux=/usr/bin/unshare procps=/usr/bin/ps \
    "rabbitmq-server=$RABBITMQ_PROGRAMS/rabbitmq-server" 'postgresql=/usr/lib/postgresql/*/bin/postgres'
}

# The variables that make a broker, and rabbitmqctl, use nothing outside DIR. Ports: AMQP, distribution, epmd.
rabbitmq_environment() { # DIR AMQP_PORT DISTRIBUTION_PORT EPMD_PORT [NAME]
  printf '%s\n' "HOME=$1/home" "RABBITMQ_NODENAME=${5:-quorate}@localhost" "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1" \
    "RABBITMQ_NODE_PORT=$2" "RABBITMQ_DIST_PORT=$3" "ERL_EPMD_PORT=$4" "ERL_EPMD_ADDRESS=127.0.0.1" \
    "RABBITMQ_MNESIA_BASE=$1/mnesia" "RABBITMQ_LOG_BASE=$1/log" "RABBITMQ_CONFIG_FILE=$1/rabbitmq" \
    "RABBITMQ_ENABLED_PLUGINS_FILE=$1/plugins" "RABBITMQ_CONF_ENV_FILE=$1/no-such-file" "RABBITMQ_PID_FILE=$1/pid" \
    "RABBITMQ_FEATURE_FLAGS_FILE=$1/feature_flags" "RABBITMQ_GENERATED_CONFIG_DIR=$1/generated" "RABBITMQ_SCHEMA_DIR=$1/schema" \
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
}

# Starts a broker and does not wait for it. Records it as NAME ("rabbitmq"), and its name server as "epmd", which must be our own: one
# that the broker starts by itself would serve others too and outlive it. With MEMBERs, itself among them, it forms a cluster with
# those; they need the same cookie. It listens on 127.0.0.1, and on RABBITMQ_ALSO_AT where that is set.
start_rabbitmq() { # DIR AMQP_PORT DISTRIBUTION_PORT EPMD_PORT [NAME MEMBER...]
  local dir=$1 name=${5:-rabbitmq} environment member count=0
  mkdir -p "$dir"/{home,mnesia,log}
  if [[ ! -e $dir/home/.erlang.cookie ]]; then
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/home/.erlang.cookie"
    chmod 400 "$dir/home/.erlang.cookie"
  fi
  printf '[].\n' >"$dir/plugins"
  printf '%s\n' 'loopback_users = none' 'log.console = false' 'collect_statistics_interval = 60000' >"$dir/rabbitmq.conf"
  if (($# > 5)); then
    {
      echo 'cluster_formation.peer_discovery_backend = classic_config'
      for member in "${@:6}"; do echo "cluster_formation.classic_config.nodes.$((++count)) = $member@localhost"; done
    } >>"$dir/rabbitmq.conf"
  fi
  mapfile -t environment < <(rabbitmq_environment "$dir" "$2" "$3" "$4" "${5:-}")
  if [[ -n ${RABBITMQ_ALSO_AT:-} ]]; then
    # The environment takes one address, and would win over these.
    mapfile -t environment < <(printf '%s\n' "${environment[@]}" | grep -vE '^RABBITMQ_NODE_(IP_ADDRESS|PORT)=')
    printf '%s\n' "listeners.tcp.own = 127.0.0.1:$2" "listeners.tcp.nodes = $RABBITMQ_ALSO_AT:$2" >>"$dir/rabbitmq.conf"
  fi
  is_alive epmd || spawn epmd "$dir/epmd.log" env "HOME=$dir/home" epmd -port "$4" -address 127.0.0.1
  spawn "$name" "$dir/server.log" env -C "$dir" "${environment[@]}" "$RABBITMQ_PROGRAMS/rabbitmq-server"
}

# A program that runs rabbitmqctl against a broker started here: DIR/rabbitmqctl.
write_rabbitmqctl() { # DIR AMQP_PORT DISTRIBUTION_PORT EPMD_PORT [NAME]
  {
    printf '#!/bin/bash\nexec env'
    rabbitmq_environment "$@" | while IFS= read -r pair; do printf ' %q' "$pair"; done
    printf ' %q "$@"\n' "$RABBITMQ_PROGRAMS/rabbitmqctl"
  } >"$1/rabbitmqctl"
  chmod +x "$1/rabbitmqctl"
}

# True when a broker greets: the first byte it sends is that of a method frame.
rabbitmq_greets() { # PORT
  # shellcheck disable=SC2016 # expanded by the inner shell
  [[ $(timeout 3 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "AMQP\0\0\011\001" >&3 && head -c 1 <&3 | od -An -tx1' _ "$1" 2>/dev/null) == " 01" ]]
}

await_rabbitmq() { # DIR AMQP_PORT [NAME]
  wait_until "$RABBITMQ_START_SECONDS_MAX" "${3:-rabbitmq}" rabbitmq_greets "$2" ||
    die_with_log "$1/server.log" "RabbitMQ did not come up on port $2 within $RABBITMQ_START_SECONDS_MAX s; more in $1/log"
}

# Starts a database server, makes its files first where there are none, and waits for it. Records "postgres".
#
# The server refuses to run as root, and the user postgres may be unable to reach DIR (a clone in /root). In a mount
# namespace of its own it finds DIR at the place where its home is.
start_postgres() { # DIR PORT
  local dir=$1 port=$2 programs
  programs=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1)")
  mkdir -p "$dir"
  chown postgres: "$dir"
  # The caller knows that none runs on this data. The server would take a dead predecessor that nobody reaped for a living one.
  rm -f "$dir/data/postmaster.pid"
  # shellcheck disable=SC2016 # expanded by the inner shell
  spawn postgres "$dir.log" unshare --mount -- /bin/sh -c '
    mount --bind "$1" "$4" && cd "$4" || exit 1
    as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
    [ -f data/PG_VERSION ] || as "$3/initdb" -D "$4/data" -U postgres -A trust -E UTF8 --locale=C --no-instructions >initdb.log 2>&1 || { cat initdb.log; exit 1; }
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$3/postgres" -D "$4/data" -p "$2" \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300' \
    postgres "$dir" "$port" "$programs" "$POSTGRES_MOUNT"
  wait_until "$POSTGRES_START_SECONDS_MAX" postgres "$programs/pg_isready" -q -U postgres -h 127.0.0.1 -p "$port" ||
    die_with_log "$dir.log" "PostgreSQL did not come up on port $port within $POSTGRES_START_SECONDS_MAX s"
}

postgres_connection() { # PORT DATABASE
  printf 'Host=127.0.0.1;Port=%s;Username=postgres;Database=%s\n' "$1" "$2"
}
