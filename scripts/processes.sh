# shellcheck shell=bash
# Processes that outlive the script that started them. Sourced after build.sh, with RUN (a directory) set.
#
# A process is known by its id and its start time, both kept in RUN/NAME.pid: an id alone may belong to somebody else by now.

readonly KILL_ROUNDS_MAX=100   # of 0.1 s
readonly FREEZE_ROUNDS_MAX=100 # of 0.05 s

# The kernel's start time of a process; fails where it is gone or only waits to be reaped.
start_time() { # PID
  local stat rest
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  rest=${stat##*) }
  # shellcheck disable=SC2086 # split on purpose: the fields after the name, the state being the first
  set -- $rest
  [[ $1 != Z && $1 != X ]] && printf '%s\n' "${20}"
}

record_process() { # NAME PID
  local started
  started=$(start_time "$2") || started=0
  printf '%s %s\n' "$2" "$started" >"$RUN/$1.pid"
}

# Prints the id of a recorded process; fails where it does not live.
pid_of() { # NAME
  local pid started
  [[ -r $RUN/$1.pid ]] && read -r pid started <"$RUN/$1.pid" || return 1
  [[ $(start_time "$pid" || true) == "$started" ]] && printf '%s\n' "$pid"
}

is_alive() { pid_of "$1" >/dev/null; }

# Starts a program in a session of its own, with nothing of this script's open but the log, and records it. QUORATE_LAB_ID
# in its environment marks it and all that it starts.
spawn() { # NAME LOG COMMAND...
  local name=$1 log=$2
  shift 2
  setsid "$@" </dev/null >>"$log" 2>&1 7>&- 8>&- 9>&- &
  record_process "$name" $!
  disown $! # else bash announces its end
}

# All processes below one, itself not included, in no order that matters.
descendants() { # PID
  ps -e -o pid=,ppid= | awk -v root="$1" '
    { parent[$1] = $2 }
    END { for (pid in parent) { up = pid; while (up in parent && up != root && up > 1) up = parent[up]; if (up == root && pid != root) print pid } }'
}

# SIGKILL to a process and all below it, and waits until they are gone.
kill_tree() { # PID
  local family=() pid round alive
  mapfile -t family < <(printf '%s\n' "$1"; descendants "$1")
  kill -KILL "${family[@]}" 2>/dev/null || true
  for ((round = 0; round < KILL_ROUNDS_MAX; round++)); do
    alive=0
    for pid in "${family[@]}"; do
      if start_time "$pid" >/dev/null; then alive=1; fi
    done
    ((alive)) || return 0
    sleep 0.1
  done
  say "process $1 or one below it does not end, SIGKILL notwithstanding"
  return 1
}

kill_recorded() { # NAME
  local pid
  if pid=$(pid_of "$1"); then kill_tree "$pid"; fi
  rm -f "$RUN/$1.pid"
}

# SIGSTOP to a process and all below it, again and again until none of them runs: one may start another in between.
freeze_tree() { # PID
  local round running
  for ((round = 0; round < FREEZE_ROUNDS_MAX; round++)); do
    running=$(ps -o pid=,stat= -p "$(printf '%s\n' "$1" "$(descendants "$1")" | paste -sd, | sed 's/,*$//')" | awk '$2 !~ /^[TtZX]/ { print $1 }')
    [[ -n $running ]] || return 0
    # shellcheck disable=SC2086 # a list of ids
    kill -STOP $running 2>/dev/null || true
    sleep 0.05
  done
  die "processes of the node still run after $FREEZE_ROUNDS_MAX rounds of SIGSTOP: $running"
}

thaw_tree() { # PID
  # shellcheck disable=SC2046 # a list of ids
  kill -CONT $(descendants "$1") "$1" 2>/dev/null || true
}

# Kills every process whose environment carries the mark: what a script that was killed itself did not record any more.
kill_marked() { # MARK, such as QUORATE_LAB_ID=12ab
  local file pid
  for file in /proc/[0-9]*/environ; do
    pid=${file#/proc/}
    pid=${pid%/environ}
    [[ $pid != "$$" ]] || continue
    if tr '\0' '\n' 2>/dev/null <"$file" | grep -qxF "$1"; then kill_tree "$pid"; fi
  done 2>/dev/null
  return 0
}

# Prints ports that nothing listens on, found by binding them. They lie below the range from which the kernel takes ports
# for connections, and a mark keeps two scripts that ask at the same time apart.
free_ports() { # HOW_MANY
  perl -e '
    use strict; use Fcntl; use Socket;
    my ($want, $marks) = @ARGV; my (@held, @ports);
    mkdir $marks, 01777;
    for (1 .. 5000) {
      last if @ports == $want;
      my $port = 10000 + int rand 20000; my $mark = "$marks/$port";
      unlink $mark if -e $mark && -M _ > 300 / 86400;
      sysopen(my $file, $mark, O_CREAT | O_EXCL | O_WRONLY) or next;
      socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
      bind($socket, sockaddr_in($port, INADDR_ANY)) or next;
      push @held, $socket; push @ports, $port;
    }
    die "no $want free ports between 10000 and 30000\n" if @ports < $want;
    print "$_\n" for @ports' "$1" "${TMPDIR:-/tmp}/quorate-ports-$EUID"
}

# Asks a web server on this machine and prints the body; fails unless it answers 200 in time.
http_get() { # PORT PATH
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout 5 bash -c '
    exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" "$2" >&3 || exit 1
    read -r version status words <&3; [[ $status == 200 ]] || exit 1
    while read -r header && [[ $header != $'"'"'\r'"'"' ]]; do :; done <&3
    cat <&3' _ "$1" "$2" 2>/dev/null
}

# Waits until a test holds; fails after that many seconds, or at once when the recorded process is gone.
wait_until() { # SECONDS NAME COMMAND...
  local until=$((SECONDS + $1)) name=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! is_alive "$name" || ((SECONDS >= until)); then return 1; fi
    sleep 0.1
  done
}

# Shows the end of a log, and ends the script.
die_with_log() { # LOG MESSAGE
  say "--- the last lines of $1:"
  tail -n 25 "$1" >&2 || true
  say "---"
  die "$2"
}
