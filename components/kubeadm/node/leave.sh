# `leave NODE`, on a control plane that stays: NODE leaves the cluster, alive or dead. No step waits for ever.
# The status is 3 where this host is no control plane of a cluster, so that another may be asked.

verb_leave() {
	local node=${1:-}
	[[ -n $node ]] || fail "leave needs the node's name"
	member_control_plane || exit 3
	[[ $node != "$NODE_NAME" ]] || fail "a node cannot take itself away; run leave on another control plane"
	refuse_lost_quorum
	refuse_minority "$node"
	wait_until 60 "this host's own API server" api_answers "$NODE_ADDRESS" ||
		fail "its API server does not answer; mend this control plane, or run leave on another"
	if node_exists "$node"; then drain "$node"; fi
	# etcd before the Node: a Node that is gone is no longer found by the next try.
	etcd_remove_node "$node"
	if node_exists "$node"; then
		kubectl_admin delete node "$node" --wait=false >/dev/null
		changed "deleted the Node $node"
	fi
	if [[ -n $(listed_addresses "$node") ]]; then
		unlist_node "$node"
		changed "took $node out of the list of nodes"
	fi
	finished "leave $node"
}

# verb_quorum: whether nodes can be taken out at all. The status is 3 where this host is no member.
verb_quorum() {
	member_control_plane || exit 3
	refuse_lost_quorum
	finished quorum
}

# refuse_minority NODE: those that stay without it have to be able to go on; said before its pods are moved.
refuse_minority() {
	local members id name peer role stay=0 alive=0 found='' dead=''
	[[ -f $KUBERNETES/manifests/etcd.yaml ]] || return 0
	members=$(etcd_members "$NODE_ADDRESS" 2>/dev/null) || return 0
	while read -r id name peer role; do
		if [[ $name == "$1" ]]; then
			found=yes
		elif [[ $role == voter ]]; then
			stay=$((stay + 1))
			if etcd_lives "$peer"; then alive=$((alive + 1)); else dead+=" $name"; fi
		fi
	done <<<"$members"
	[[ -z $found ]] || ((stay == 0 || alive > stay / 2)) ||
		fail "without $1 etcd has $stay members of which $alive live, no majority; start$dead first, or take it out instead"
}

node_exists() { [[ -n $(kubectl_admin get node "$1" --ignore-not-found --output name) ]]; }

node_field() { kubectl_admin get node "$1" --ignore-not-found --output "jsonpath=$2"; }

# drain NODE: a dead node's pods cannot be asked to end, so there is nothing to wait for. The cluster learns of a death
# a minute later; its kubelet's port tells it at once.
drain() {
	local address
	kubectl_admin cordon "$1" >/dev/null
	address=$(node_field "$1" "{.status.addresses[?(@.type=='InternalIP')].address}")
	if [[ $(node_field "$1" "{.status.conditions[?(@.type=='Ready')].status}") != True ]]; then
		say "$1 is not Ready: it is not drained"
	elif ! port_answers "${address:-$1}" 10250; then
		say "the kubelet of $1 does not answer: it is not drained"
	elif kubectl_admin drain "$1" --ignore-daemonsets --delete-emptydir-data --force --timeout 180s >/dev/null; then
		say "$1 is drained"
	else
		say "$1 still has pods after 180 s (see above); they end with it"
	fi
}

etcd_remove_node() {
	local address members
	[[ -f $KUBERNETES/manifests/etcd.yaml ]] || return 0
	address=$(node_field "$1" "{.status.addresses[?(@.type=='InternalIP')].address}")
	# A worker is no member, and where all is well its name is none of etcd's.
	members=$(etcd_members "$NODE_ADDRESS") || fail "etcd does not show its members; mend it, then run leave again"
	if grep -qE "^[0-9]+ ($1 |\S+ ${address:-none} )" <<<"$members"; then
		etcd_remove "$NODE_ADDRESS" "$1" "${address:-none}"
	fi
}
