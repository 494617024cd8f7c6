#!/bin/sh
# What a shop that ran the original has lying around: reads clustat and clusvcadm by the words and exit codes of their manuals.
# Prints one line for each thing it found out.
set -u

state_of() { clustat -x -s "$1" | sed -n 's/.*name="service:'"$1"'".* state_str="\([^"]*\)".*/\1/p'; }
owner_of() { clustat | awk -v name="service:$1" '$1 == name { print $2 }'; }
flags_of() { clustat -x | sed -n 's/.*name="service:'"$1"'".* flags_str="\([^"]*\)".*/\1/p'; }

clustat -Q && echo "quorate"
clustat | grep -q '^Member Status: Quorate$' && echo "says so"
echo "members $(clustat -x | grep -c '<node .*state="1"')"
echo "web $(state_of web) on $(owner_of web)"

clusvcadm -r web -m n2 | sed 's/^/relocate: /'
echo "web on $(owner_of web)"
clusvcadm -q -r web -m n2; echo "again: $?"
clusvcadm -s web | sed 's/^/stop: /'
clustat -s web >/dev/null; echo "stopped: $?"
clusvcadm -e web -m n1 | sed 's/^/enable: /'
clusvcadm -Z web | sed 's/^/freeze: /'
echo "flags: $(flags_of web)"
clusvcadm -q -d web 2>/dev/null; echo "disable frozen: $?"
clusvcadm -U web | sed 's/^/unfreeze: /'
echo "flags: $(flags_of web)"
clusvcadm -d web | sed 's/^/disable: /'
clustat -s web | grep web | tr -s ' ' | sed 's/^ //'
clustat -s web >/dev/null; echo "disabled: $?"
clusvcadm -r web 2>/dev/null | sed 's/^/relocate disabled: /'
clusvcadm -q -r web 2>/dev/null; echo "relocate disabled: $?"
clusvcadm -e web -m nobody | tail -1
clusvcadm -q -e nothing 2>/dev/null; echo "unknown: $?"
clustat -m n3 >/dev/null; echo "member: $?"
clusvcadm -l
clusvcadm -S
clusvcadm -e web 2>/dev/null | sed 's/^/locked: /'
clusvcadm -q -e web 2>/dev/null; echo "locked: $?"
clusvcadm -u
clusvcadm -S
clusvcadm -q -e web -m n1; echo "unlocked: $?"
quorate drain n1 | sed 's/^/drain: /'
quorate relocate web --node n1 2>/dev/null; echo "drained: $?"
quorate status | grep -c 'drained'
quorate undrain n1 | sed 's/^/undrain: /'

# The cluster follows a new file while it runs: what moves to another service stops before it starts there.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quorate config show >"$work/1.conf"
mail=$(grep 'name="mail" directory' "$work/1.conf")
sed -e 's/config_version="1"/config_version="2"/' -e '/name="mail" directory/d' -e '/name="web" directory/a\'"$mail" "$work/1.conf" >"$work/2.conf"
quorate config diff "$work/2.conf" | sed 's/^/diff: /'
quorate config apply "$work/2.conf" | sed -n '/warning/!s/^  /apply: /p'
tries=150
until [ "$(quorate status --json | grep -c 'by configuration version 2')" = 2 ] || [ $((tries -= 1)) = 0 ]; do sleep 0.2; done
echo "followed: $(quorate status --json | grep -c 'by configuration version 2')"
quorate config apply "$work/1.conf" 2>&1 | sed -n 's/^  /older: /p'
echo "versions: $(quorate config history | wc -l)"
