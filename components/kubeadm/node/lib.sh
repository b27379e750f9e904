#!/bin/bash
# infraplatform-node: makes this host a node of a Kubernetes cluster, by kubeadm, and keeps it one.
#
# Every verb looks at the host, does what is missing and may be run again at any time; a second run changes nothing.
# It needs bash, coreutils, util-linux, iproute2, curl and openssl; no jq, no Python.
#
#   /etc/infraplatform/          public configuration, written by `receive`; node.env holds shell-quoted KEY='value' lines
#   /etc/infraplatform/secrets/  what a host about to join read on the standard input of `member`, mode 0600
#   /var/lib/infraplatform/      what this program has done; delete nothing here by hand
#
# Secrets come on standard input and go to files: never into an argument, the environment, an output or a log.
# INFRAPLATFORM_ROOT is put before every path that is read or written, and programs are looked for there first; the
# tests use it, a real host leaves it empty.

set -euo pipefail
shopt -s nullglob
umask 022
export LC_ALL=C

readonly ROOT="${INFRAPLATFORM_ROOT:-}"
export PATH="$ROOT/usr/local/sbin:$ROOT/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
readonly CONFIG="$ROOT/etc/infraplatform"
readonly SECRETS="$CONFIG/secrets"
readonly STATE="$ROOT/var/lib/infraplatform"
readonly KUBERNETES="$ROOT/etc/kubernetes"
readonly API_PORT=6443
readonly PROGRAM=/usr/local/sbin/infraplatform-node
CHANGES=0

# say TEXT: one line for people, on standard error.
say() { printf 'infraplatform-node: %s: %s\n' "${NODE_NAME:-${HOSTNAME:-host}}" "$*" >&2; }

# fail "what is wrong; what to do"
fail() {
	say "$*"
	exit 1
}

# changed TEXT: say what was changed, and count it.
changed() {
	CHANGES=$((CHANGES + 1))
	say "$*"
}

# finished VERB: the last line of a verb that ends well.
finished() {
	if ((CHANGES == 0)); then say "$1: nothing to change"; else say "$1: done, $CHANGES changes"; fi
}

has() { command -v "$1" >/dev/null 2>&1; }

# write PATH MODE: standard input becomes the file, at once and only where it differs. Status 1 where nothing changed.
write() {
	local path=$1 mode=$2 new
	mkdir -p "${path%/*}"
	new=$(mktemp "${path%/*}/.new-XXXXXX")
	cat >"$new"
	chmod "$mode" "$new"
	if [[ -f $path ]] && cmp -s "$new" "$path"; then
		rm -f "$new"
		[[ $(stat -c %a "$path") == "${mode#0}" ]] || chmod "$mode" "$path"
		return 1
	fi
	mv -f "$new" "$path"
	changed "wrote ${path#"$ROOT"}"
}

# load_node: the node's public configuration as shell variables.
load_node() {
	[[ -r $CONFIG/node.env ]] || fail "/etc/infraplatform/node.env is missing; run \`infraplatform-node receive\` first"
	# shellcheck source=/dev/null  # written by `receive`
	source "$CONFIG/node.env"
	local key
	for key in NODE_NAME NODE_ROLE NODE_ADDRESS CLUSTER_NAME KUBERNETES_VERSION CONTROL_PLANES API_ENDPOINT POD_CIDR; do
		[[ -n ${!key:-} ]] || fail "node.env has no $key; write it there"
	done
	[[ $NODE_ROLE == control-plane || $NODE_ROLE == worker ]] ||
		fail "NODE_ROLE is '$NODE_ROLE'; write control-plane or worker"
	BACKUP_DIRECTORY=${BACKUP_DIRECTORY:-/var/backups/infraplatform-etcd}
	BACKUP_KEEP=${BACKUP_KEEP:-14}
	DRAIN_SECONDS=${DRAIN_SECONDS:-600}
	CERTIFICATES=${CERTIFICATES:-1}
	ENCRYPTION_KEYS=${ENCRYPTION_KEYS:-1}
}

is_control_plane() { [[ $NODE_ROLE == control-plane ]]; }

# other_control_planes: name=address of every control plane but this one, one a line, lowest name first.
other_control_planes() {
	local entry
	for entry in $CONTROL_PLANES; do
		[[ ${entry%%=*} == "$NODE_NAME" ]] || printf '%s\n' "$entry"
	done | sort
}

# lowest_control_plane: the name that makes the cluster where none exists yet.
lowest_control_plane() {
	local entry
	for entry in $CONTROL_PLANES; do printf '%s\n' "${entry%%=*}"; done | sort | head -n 1
}

# member_control_plane: the verbs that act for the whole cluster need a control plane that is in it.
member_control_plane() {
	load_node
	[[ -f $STATE/member ]] && is_control_plane
}

# wait_until SECONDS WHAT COMMAND...: run the command once a second until it succeeds.
wait_until() {
	local seconds=$1 what=$2 end=$((SECONDS + $1))
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || { say "waited $seconds s for $what, in vain"; return 1; }
		sleep 1
	done
}

# unit NAME: standard input becomes a systemd unit, enabled and (re)started where it changed or does not run.
unit() {
	local name=$1
	if write "$ROOT/etc/systemd/system/$name" 0644; then
		systemctl daemon-reload
		systemctl enable --quiet "$name"
		systemctl restart "$name"
	elif ! systemctl is-active --quiet "$name"; then
		systemctl start "$name"
		changed "started $name"
	fi
}

# kubectl_admin WORD...: as the administrator, at this control plane's own API server, whatever the endpoint does.
kubectl_admin() {
	kubectl --kubeconfig "$KUBERNETES/admin.conf" --server "https://$NODE_ADDRESS:$API_PORT" --request-timeout 30s "$@"
}
